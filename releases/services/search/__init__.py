"""Search: one interface over SQLite's FTS5 and PostgreSQL's tsvector.

Both index the same words, so both find the same.
"""

from releases.services.search.engine import annex_pages_with, editions_with, format_match
from releases.services.search.indexing import (
    forget_blob,
    index_blob,
    index_editions,
    index_missing,
    index_named,
)

__all__ = [
    "annex_pages_with",
    "editions_with",
    "forget_blob",
    "format_match",
    "index_blob",
    "index_editions",
    "index_missing",
    "index_named",
]
