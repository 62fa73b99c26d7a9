"""Words of editions and of annexes' pages, written when an edition is approved and when a file has been read.

Editions that are approved but not live yet are indexed too: what is found is asked of the live ones only.
"""

from collections.abc import Iterable
from itertools import islice

from django.db import transaction

from releases.content.text.markup import plain_text
from releases.content.text.tokens import join_with_compounds
from releases.models import Blob, Edition, PageText
from releases.services.editions.progress import Progress
from releases.services.search import engine

LEAD = 80
MOST_PAGES = 2_000
BATCH = 100
# PDFium's two marks for a hyphen at the end of a line, Symbol's bullet, and what fonts without names leave
# behind.
CONTROLS = dict.fromkeys(set(range(0x20)) - set(b"\t\n\f\r") | set(range(0x7F, 0xA0)), None)
READABLE = CONTROLS | {0x02: "-", 0xFFFE: "-", 0xF0B7: "•"}


def index_editions(editions: Iterable[Edition]) -> None:
    """Of each its title by itself, the words that come first, and all: title, summary, text, issuers, names
    of annexes, contacts."""
    index_named((edition, _names(edition)) for edition in editions)


def index_named(editions: Iterable[tuple[Edition, Iterable[str]]]) -> None:
    """`index_editions`, for who has the names of their issuers and annexes at hand."""
    engine.index_rows(engine.EDITIONS, [_row(edition, names) for edition, names in editions])


@transaction.atomic
def index_blob(blob: Blob) -> None:
    """The text of a file, page by page."""
    forget_blob(blob)
    pages = blob.text.translate(READABLE).split("\f")
    for number, text in enumerate(pages[:MOST_PAGES], 1):
        if text.strip():
            page = PageText.objects.create(blob=blob, number=number, text=text)
            engine.index_rows(engine.PAGES, [(page.pk, join_with_compounds(text))])


@transaction.atomic
def forget_blob(blob: Blob) -> None:
    """Take its pages and their words away."""
    for page in blob.pages_text.values_list("pk", flat=True):
        engine.delete_row(engine.PAGES, page)
    blob.pages_text.all().delete()


def index_missing(progress: Progress) -> None:
    """Index what is not yet: after an import, or one that was cut off."""
    approved = Edition.objects.filter(state=Edition.State.APPROVED, erased_at__isnull=True)
    done = engine.indexed_ids(engine.EDITIONS)
    missing = [pk for pk in approved.order_by("pk").values_list("pk", flat=True) if pk not in done]
    waiting = iter(progress(missing, "Indexing"))
    while batch := list(islice(waiting, BATCH)):
        editions = approved.filter(pk__in=batch).prefetch_related("issuers", "annexes")
        with transaction.atomic():
            index_editions(editions)
    known = engine.indexed_ids(engine.PAGES)
    pages = (pk for pk in PageText.objects.order_by("pk").values_list("pk", flat=True) if pk not in known)
    while batch := list(islice(pages, BATCH)):
        texts = PageText.objects.filter(pk__in=batch).values_list("pk", "text")
        engine.index_rows(engine.PAGES, [(pk, join_with_compounds(text)) for pk, text in texts])
    unread = Blob.objects.filter(pages_text__isnull=True).exclude(text="").order_by("pk")
    for pk in list(unread.values_list("pk", flat=True)):
        index_blob(Blob.objects.get(pk=pk))


def _names(edition: Edition) -> list[str]:
    issuers = [f"{issuer.name} {issuer.acronym}" for issuer in edition.issuers.all()]
    return issuers + [f"{annex.label} {annex.title}" for annex in edition.annexes.all()]


def _row(edition: Edition, names: Iterable[str]) -> engine.Row:
    title = join_with_compounds(edition.title)
    parts = [edition.summary, plain_text(edition.body_html), *names, edition.contacts]
    whole = f"{title} {join_with_compounds(' '.join(parts))}".strip()
    return edition.pk, title, " ".join(whole.split(None, LEAD)[:LEAD]), whole
