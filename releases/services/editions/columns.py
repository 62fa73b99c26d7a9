"""What an edition is shown with: its issuers, annexes and agreements, its withdrawal, and how its text
begins."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from releases.content.text.tokens import cut_excerpt, parse_query
from releases.models import (
    Absence,
    Agreement,
    AgreementEvent,
    Annex,
    Edition,
    Issuer,
    Mention,
    PageText,
)
from releases.services.editions.json_subqueries import JSONList, JSONOne
from releases.services.editions.rows import AgreementRow, AnnexRow, IssuerRow

EXCERPT_LENGTH = 220


def withdrawal_column(at: dt.datetime) -> JSONOne:
    """Since when and why the release of an edition is withdrawn."""
    absences = Absence.objects.at(at).filter(kind=Absence.Kind.WITHDRAWN, release=OuterRef("release_id"))
    return JSONOne(absences, since="since", reason="reason")


def with_parts(editions: QuerySet[Edition], at: dt.datetime) -> QuerySet[Edition]:
    """Editions with `issued_by`, `annex_list` and `agreement_list` as lists of plain values, lead and first
    annex first."""
    event = AgreementEvent.objects.public(at).filter(
        release=OuterRef(OuterRef("release_id")), agreement=OuterRef("pk")
    )
    return editions.select_related("address").annotate(
        issued_by=JSONList(
            Issuer.objects.filter(edition=OuterRef("pk")).order_by("position"),
            name="name",
            acronym="acronym",
            slug="agency__slug",
            agency="agency_id",
        ),
        annex_list=JSONList(
            Annex.objects.filter(edition=OuterRef("pk"))
            .annotate(readable=Exists(PageText.objects.filter(blob=OuterRef("blob_id"))))
            .order_by("position"),
            label="label",
            title="title",
            language="language",
            path="address__path",
            media_type="blob__media_type",
            size="blob__size",
            sha256="blob_id",
            pages="blob__pages",
            readable="readable",
            thumbnail_width="blob__thumbnail_width",
            thumbnail_height="blob__thumbnail_height",
        ),
        agreement_list=JSONList(
            Agreement.objects.filter(_about())
            .annotate(event=Subquery(event.values("kind")[:1]))
            .order_by("slug"),
            slug="slug",
            title="title",
            event="event",
        ),
    )


def _about() -> Q:
    """Agreements that an edition names, that an editor tied to its release, or of which that tells an event, each
    found by its key."""
    named = Agreement.editions.through.objects.filter(edition=OuterRef(OuterRef("pk")))
    tied = Mention.objects.filter(release=OuterRef(OuterRef("release_id")))
    told = AgreementEvent.objects.filter(release=OuterRef(OuterRef("release_id"))).order_by()
    return (
        Q(pk__in=named.values("agreement"))
        | Q(pk__in=tied.values("agreement"))
        | Q(pk__in=told.values("agreement"))
    )


def excerpt_text(edition: Edition) -> str:
    """The summary, else the text from the first words that say something on."""
    return edition.summary or edition.lead_text


def describe_edition(edition: Edition) -> str:
    """In a line what an edition says, for programs that show a link to it: its summary, else how its text
    begins."""
    pieces = cut_excerpt(excerpt_text(edition), parse_query(""), EXCERPT_LENGTH)
    return "".join(piece.text for piece in pieces)


def annotation(edition: Edition, name: str) -> Any:
    """What a query put beside the fields of an edition under this name. Raises KeyError where it did not."""
    return vars(edition)[name]


def issuers_of(edition: Edition) -> list[IssuerRow]:
    """The issuers of an edition that was read `with_parts`, the lead first."""
    return [IssuerRow(**row) for row in annotation(edition, "issued_by")]


def annexes_of(edition: Edition) -> list[AnnexRow]:
    """The annexes of an edition that was read `with_parts`, in their order."""
    return [AnnexRow(**row) for row in annotation(edition, "annex_list")]


def agreements_of(edition: Edition) -> list[AgreementRow]:
    """The agreements of an edition that was read `with_parts`, by slug."""
    rows = annotation(edition, "agreement_list")
    return [AgreementRow(row["slug"], row["title"], row["event"] or "") for row in rows]
