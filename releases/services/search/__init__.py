"""Search: one interface over SQLite's FTS5 and PostgreSQL's tsvector. Both index the same words, so both find the same."""

from releases.services.search.engine import in_annexes, in_editions
from releases.services.search.indexing import Batch, forget_blob, index_blob, index_edition, index_missing

__all__ = [
    "Batch",
    "forget_blob",
    "in_annexes",
    "in_editions",
    "index_blob",
    "index_edition",
    "index_missing",
]
