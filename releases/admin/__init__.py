from releases.admin import agreements, lookups, records, release

__all__ = ["agreements", "lookups", "records", "release"]
