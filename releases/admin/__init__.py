from releases.admin import agreements, lookups, people, records, release, signing_in, suggestions

__all__ = ["agreements", "lookups", "people", "records", "release", "signing_in", "suggestions"]
