"""Which releases speak of which agreement, by its exact names; an editor confirms."""

import re
from collections.abc import Iterable

from django.db.models import QuerySet

from releases.models import Agreement, Edition, Mention

SHORTEST = 3


def exact_mentions(editions: Iterable[Edition], agreements: QuerySet[Agreement]) -> list[Mention]:
    """Unsaved mentions: releases whose title or body holds a title or an acronym of an agreement as a whole word."""
    patterns = [(agreement, _pattern(agreement)) for agreement in agreements]
    return [
        Mention(agreement=agreement, release_id=edition.release_id)
        for edition in editions
        for agreement, pattern in patterns
        if pattern.search(f"{edition.title}\n{edition.body}")
    ]


def _pattern(agreement: Agreement) -> re.Pattern[str]:
    names = [agreement.title, agreement.short_title, *agreement.acronyms, *agreement.former_titles]
    words = "|".join(re.escape(name) for name in names if len(name) >= SHORTEST)
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])")
