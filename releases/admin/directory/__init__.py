"""Agencies, sections, redirects, people, and what can only be read."""
