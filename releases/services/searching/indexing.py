"""Words of editions and of annexes' pages, written when an edition is approved and when a file has been read.

Editions that are approved but not live yet are indexed too: what is found is asked of the live ones only.
"""

import html
import re
from collections.abc import Callable, Collection, Iterable
from itertools import islice
from typing import Any

from django.db import transaction

from releases.content.searching import words
from releases.models import Blob, Edition, PageText
from releases.services.searching import engine

LONGEST_WORD = 100
MOST_PAGES = 2_000
BATCH = 100
BROKEN_HYPHEN = "\ufffe"
Progress = Callable[[Collection[Any], str], Iterable[Any]]


def index_edition(edition: Edition) -> None:
    """Its title by itself; title, summary, issuers, names of annexes, contacts and the text that readers see together."""
    issuers = [f"{issuer.name} {issuer.acronym}" for issuer in edition.issuers.all()]
    annexes = [f"{annex.label} {annex.title}" for annex in edition.annexes.all()]
    parts = [edition.summary, *issuers, *annexes, edition.contacts, plain_text(edition.body_html)]
    title = _short(words(edition.title))
    engine.put(engine.EDITIONS, edition.pk, [title, title + _short(words("\n".join(parts)))])


def index_blob(blob: Blob) -> None:
    """The text of a file, page by page."""
    PageText.objects.filter(blob=blob).delete()
    pages = blob.text.replace(BROKEN_HYPHEN, "-").split("\f")
    for number, text in enumerate(pages[:MOST_PAGES], 1):
        if text.strip():
            page = PageText.objects.create(blob=blob, number=number, text=text)
            engine.put(engine.PAGES, page.pk, [_short(words(text))])


def index_missing(progress: Progress) -> None:
    """Index what is not yet: after an import, or one that was cut off."""
    approved = Edition.objects.filter(state=Edition.State.APPROVED, erased_at__isnull=True)
    done = engine.indexed(engine.EDITIONS)
    missing = [pk for pk in approved.order_by("pk").values_list("pk", flat=True) if pk not in done]
    waiting = iter(progress(missing, "Indexing"))
    while batch := list(islice(waiting, BATCH)):
        with transaction.atomic():
            for edition in approved.filter(pk__in=batch).prefetch_related("issuers", "annexes"):
                index_edition(edition)
    for blob in Blob.objects.filter(pages_text__isnull=True).exclude(text=""):
        index_blob(blob)


def plain_text(body_html: str) -> str:
    """A stored body as running text, blocks apart."""
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", body_html)).split())


def _short(found: list[str]) -> list[str]:
    return [word[:LONGEST_WORD] for word in found]
