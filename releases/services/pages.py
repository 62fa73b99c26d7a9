"""What the public pages show, each in a fixed number of queries."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from releases.models import Absence, Agreement, AgreementEvent, Annex, Edition, Issuer, Mention, Section
from releases.models.edition import NEWEST_FIRST
from releases.services.jsonlists import JSONList, JSONOne
from releases.services.naming import known

PAGE_LENGTH = 20


class BadCursor(ValueError):
    """A paging position that nobody was given."""


@dataclass(frozen=True, slots=True)
class Listing:
    """`older` is the position from which the next, older page starts; "" on the last one."""

    editions: Sequence[Edition]
    older: str


def release_page(edition: int, at: dt.datetime) -> Edition:
    """The edition with its issuers, annexes, neighbours, agreements and absence, in one query."""
    return (
        with_parts(Edition.objects.live(at), at)
        .annotate(
            newer=JSONOne(_neighbours(at, newer=True), title="title", path="address__path"),
            older=JSONOne(_neighbours(at, newer=False), title="title", path="address__path"),
            withdrawn=JSONOne(
                Absence.objects.at(at).filter(kind=Absence.Kind.WITHDRAWN, release=OuterRef("release_id")),
                since="since",
                reason="reason",
            ),
            known_agreements=known(at),
            updates=JSONList(
                Edition.objects.on_record(at)
                .filter(release=OuterRef("release_id"), number__lte=OuterRef("number"))
                .order_by("-number"),
                number="number",
                live_from="live_from",
                change_note="change_note",
                change_class="change_class",
            ),
            translations=JSONList(
                _translations(at), path="address__path", title="title", language="language"
            ),
            related=JSONList(_related(at), path="address__path", title="title", date="release_date"),
        )
        .select_related("release__section__address", "release__section__parent__address")
        .get(pk=edition)
    )


def with_parts(editions: QuerySet[Edition], at: dt.datetime) -> QuerySet[Edition]:
    """Editions with `issued_by`, `annex_list` and `agreement_list` as lists of plain values, lead and first annex first."""
    event = AgreementEvent.objects.public(at).filter(
        release=OuterRef(OuterRef("release_id")), agreement=OuterRef("pk")
    )
    return editions.select_related("address").annotate(
        issued_by=JSONList(
            Issuer.objects.filter(edition=OuterRef("pk")).order_by("position"),
            name="name", acronym="acronym", slug="agency__slug",
        ),
        annex_list=JSONList(
            Annex.objects.filter(edition=OuterRef("pk")).order_by("position"),
            label="label", title="title", language="language", path="address__path",
            media_type="blob__media_type", size="blob__size", sha256="blob_id", pages="blob__pages",
            thumbnail_width="blob__thumbnail_width", thumbnail_height="blob__thumbnail_height",
        ),
        agreement_list=JSONList(
            Agreement.objects.filter(_about()).annotate(event=Subquery(event.values("kind")[:1])).order_by("slug"),
            slug="slug", title="title", event="event",
        ),
    )  # fmt: skip


def _about() -> Q:
    """Agreements that an edition names, or that an editor tied to its release."""
    named = Agreement.editions.through.objects.filter(
        agreement=OuterRef("pk"), edition=OuterRef(OuterRef("pk"))
    )
    tied = Mention.objects.filter(agreement=OuterRef("pk"), release=OuterRef(OuterRef("release_id")))
    return Q(Exists(named) | Exists(tied))


def listing(
    at: dt.datetime, before: str = "", section: Section | None = None, length: int = PAGE_LENGTH
) -> Listing:
    """A page of the public releases, newest first, of a section and those below it. Raises BadCursor."""
    editions = with_parts(Edition.objects.listed(at), at).select_related("release__section")
    if section:
        editions = editions.filter(Q(release__section=section) | Q(release__section__parent=section))
    editions = after(editions, before)
    found = list(editions.defer("body", "body_html").order_by(*NEWEST_FIRST)[: length + 1])
    return Listing(found[:length], cursor(found[length - 1]) if len(found) > length else "")


def after(editions: QuerySet[Edition], before: str) -> QuerySet[Edition]:
    """Those that follow a position in the order of all lists ("": all of them). Raises BadCursor."""
    return editions.filter(_after(*read_cursor(before))) if before else editions


def cursor(edition: Edition) -> str:
    """The position just after `edition` in the order of all lists: date, first live instant, release."""
    first = edition.first_live_at.timestamp() if edition.first_live_at else 0
    return f"{edition.release_date:%Y%m%d}-{round(first * 1_000_000)}-{edition.release_id}"


def read_cursor(text: str) -> tuple[dt.date, dt.datetime, int]:
    try:
        day, micros, release = text.split("-", 2) if not text.count("--") else ("", "", "")
        instant = dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=int(micros))
        number = int(release)
        if not 0 < number < 2**63:
            raise BadCursor(text)
        return dt.datetime.strptime(day, "%Y%m%d").date(), instant, number  # noqa: DTZ007 (a date has no zone)
    except (ValueError, OverflowError) as error:
        raise BadCursor(text) from error


def _after(day: dt.date, instant: dt.datetime, release: int) -> Q:
    same_day = Q(release_date=day)
    return (
        Q(release_date__lt=day)
        | same_day & Q(first_live_at__lt=instant)
        | same_day & Q(first_live_at=instant, release_id__lt=release)
    )


def _translations(at: dt.datetime) -> QuerySet[Edition]:
    group = OuterRef("release__translation_group")
    others = Edition.objects.listed(at).filter(release__translation_group=group).exclude(pk=OuterRef("pk"))
    return others.exclude(release__translation_group__isnull=True).order_by("language", "pk")


def _related(at: dt.datetime) -> QuerySet[Edition]:
    """The newest five others about one of the same agreements."""
    tied = Mention.objects.filter(release=OuterRef(OuterRef("release_id"))).values("agreement_id")
    named = Agreement.editions.through.objects.filter(edition=OuterRef(OuterRef("pk"))).values("agreement_id")
    same = Q(release__mentions__agreement__in=tied) | Q(agreements__in=named) | Q(agreements__in=tied)
    same |= Q(release__mentions__agreement__in=named)
    found = Edition.objects.listed(at).filter(same).exclude(release=OuterRef("release_id"))
    return found.order_by("-release_date", "-release_id").distinct()[:5]


def _neighbours(at: dt.datetime, *, newer: bool) -> QuerySet[Edition]:
    """The listed releases of the same section on one side of an edition, the nearest first."""
    side = "gt" if newer else "lt"
    day, first, release = OuterRef("release_date"), OuterRef("first_live_at"), OuterRef("release_id")
    same_day = Q(release_date=day)
    beside = (
        Q(**{f"release_date__{side}": day})
        | same_day & Q(**{f"first_live_at__{side}": first})
        | same_day & Q(**{"first_live_at": first, f"release_id__{side}": release})
    )
    rows = Edition.objects.listed(at).filter(beside, release__section=OuterRef("release__section"))
    order = ("release_date", "first_live_at", "release_id")
    return rows.order_by(*(F(name).asc() if newer else F(name).desc() for name in order))


def sections() -> QuerySet[Section]:
    """All sections with their addresses, rooms first."""
    return Section.objects.select_related("address", "parent").order_by(
        F("parent_id").asc(nulls_first=True), "title"
    )
