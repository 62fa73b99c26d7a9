"""Emails: what they say, and how the outbox is sent."""
