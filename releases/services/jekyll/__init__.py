"""Bringing in the posts and files of a Jekyll or Isomer site, and giving them back."""
