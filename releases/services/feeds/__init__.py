"""Releases for programs: feeds, sitemaps, JSON, linked data, calendars."""
