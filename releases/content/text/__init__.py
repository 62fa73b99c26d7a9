"""Dates, paths, words, digests and comparisons of plain text."""
