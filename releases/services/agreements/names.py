"""The names of public agreements, which lead to their dossiers where a body mentions them."""

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import QuerySet

from releases.content.markdown import Name
from releases.models import Agreement
from releases.services.editions.facts import find_once
from releases.services.editions.statements import Statement

MIN_NAME_LENGTH = 3


NAME_FIELDS = ("slug", "title", "short_title", "acronyms", "former_titles")


def _public_names(at: dt.datetime) -> QuerySet[Agreement, Any]:
    return Agreement.objects.public(at).order_by("slug").values_list(*NAME_FIELDS)


PUBLIC_NAMES = Statement(_public_names)


@find_once
def load_names(at: dt.datetime) -> tuple[Name, ...]:
    """The names of all agreements that are public at the instant `at`.

    One that two agreements share leads nowhere, nor does a very short one.
    """
    found = [name for row in PUBLIC_NAMES.rows(at=at) for name in _names_in(row)]
    owners = Counter(name.text for name in found)
    return tuple(name for name in found if owners[name.text] == 1)


def _names_in(row: Any) -> list[Name]:
    slug, title, short_title, acronyms, former_titles = row
    texts = dict.fromkeys([title, short_title, *acronyms, *former_titles])
    return [
        Name(text, f"/agreements/{slug}/", "" if text == title else title)
        for text in texts
        if len(text) >= MIN_NAME_LENGTH
    ]
