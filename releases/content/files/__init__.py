"""Kinds and names of files, tables in CSV, links in a text."""
