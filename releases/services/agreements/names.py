"""The names of public agreements, which lead to their dossiers where a body mentions them."""

import datetime as dt
import json
from collections import Counter
from typing import Any

from releases.content.markdown import Name
from releases.models import Agreement
from releases.services.editions.json_subqueries import JSONList

MIN_NAME_LENGTH = 3


def names_column(at: dt.datetime) -> JSONList:
    """The names of all agreements that are public at the instant `at`, as one column."""
    rows = Agreement.objects.public(at).order_by("slug")
    return JSONList(
        rows,
        slug="slug",
        title="title",
        short_title="short_title",
        acronyms="acronyms",
        former_titles="former_titles",
    )


def build_names(rows: list[dict[str, Any]]) -> tuple[Name, ...]:
    """The names in rows of `names_column`; one that two agreements share leads nowhere, nor does a very short one."""
    found = [
        Name(text, f"/agreements/{row['slug']}/", "" if text == row["title"] else row["title"])
        for row in rows
        for text in dict.fromkeys(_all_names(row))
        if len(text) >= MIN_NAME_LENGTH
    ]
    owners = Counter(name.text for name in found)
    return tuple(name for name in found if owners[name.text] == 1)


def _all_names(row: dict[str, Any]) -> list[str]:
    return [row["title"], row["short_title"], *_listed(row["acronyms"]), *_listed(row["former_titles"])]


def _listed(texts: list[str] | str) -> list[str]:
    """SQLite writes a list inside a JSON object as text."""
    return json.loads(texts) if isinstance(texts, str) else texts


def load_names(at: dt.datetime) -> tuple[Name, ...]:
    """The same from the database, for a preview."""
    rows = Agreement.objects.public(at).order_by("slug")
    return build_names(list(rows.values("slug", "title", "short_title", "acronyms", "former_titles")))
