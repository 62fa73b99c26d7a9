"""Bytes of files: stored, read in a process of their own, and removed when nothing refers to them."""
