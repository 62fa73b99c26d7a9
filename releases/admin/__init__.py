from releases.admin import lookups, records, release

__all__ = ["lookups", "records", "release"]
