"""What the public pages show, each in a fixed number of queries."""

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import ExtractYear, Substr

from releases.content.searching import excerpt, parse
from releases.models import (
    Absence,
    Agreement,
    AgreementEvent,
    Annex,
    Edition,
    Issuer,
    Mention,
    PageText,
    Section,
)
from releases.models.edition import NEWEST_FIRST
from releases.services.jsonlists import JSONList, JSONOne
from releases.services.naming import known
from releases.services.relating import same_subject
from releases.services.searching.indexing import plain_text

PAGE_LENGTH = 20
OPENING, SHOWN = 1_500, 220
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# A day, microseconds since EPOCH (fewer than none before it) and a key of the database.
POSITION = re.compile(r"(\d{8})-(-?\d{1,18})-([1-9]\d{0,17})", re.ASCII)
# What stands above a text: headings, a bold line, who issued it. Lists show all that anyway.
HEAD = re.compile(
    r"\s*(?:<h[1-6]\b.*?</h[1-6]>|<p\b[^<>]*>\s*(?:<(strong|b)>[^<]*</\1>|(?:<\w[^<>]*>\s*)*(?:jointly\s+)?issued\s+by\b.*?)\s*</p>)",
    re.IGNORECASE | re.DOTALL,
)


class BadCursor(ValueError):
    """A paging position that nobody was given."""


@dataclass(frozen=True, slots=True)
class Listing:
    """`older` is the position from which the next, older page starts; "" on the last one. `beside`: columns that it was asked for."""

    editions: Sequence[Edition]
    older: str
    beside: dict[str, Any] = field(default_factory=dict)


def release_page(edition: int, at: dt.datetime, title: str = "") -> Edition:
    """The edition with its issuers, annexes, neighbours, agreements and absence, in one query.

    With its `title`, which who looked it up knows, also others on the same subject.
    """
    found = _whole(Edition.objects.live(at), at)
    if subject := same_subject(at, title, edition):
        found = found.annotate(same_subject=subject)
    return _without_repeats(found.get(pk=edition))


def draft_page(edition: int, at: dt.datetime) -> Edition:
    """`release_page` of an edition that is not public. Only for who may see it."""
    return _without_repeats(_whole(Edition.objects.all(), at).get(pk=edition))


def _without_repeats(edition: Edition) -> Edition:
    """Show no release twice: as on the same agreement, on the same subject, from the same agency."""
    facts = vars(edition)
    shown = [other["path"] for other in facts["related"]]
    near = json.loads(facts.get("same_subject") or "[]")
    facts["same_subject"] = [other for other in near if other["path"] not in shown]
    shown += [other["path"] for other in facts["same_subject"]]
    facts["from_lead"] = [other for other in facts["from_lead"] if other["path"] not in shown][:3]
    return edition


def _whole(editions: QuerySet[Edition], at: dt.datetime) -> QuerySet[Edition]:
    return (
        with_parts(editions, at)
        .annotate(
            newer=JSONOne(
                _neighbours(at, newer=True), title="title", path="address__path", language="language"
            ),
            older=JSONOne(
                _neighbours(at, newer=False), title="title", path="address__path", language="language"
            ),
            withdrawn=withdrawal(at),
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
            related=JSONList(_related(at), path="address__path", title="title", language="language"),
            from_lead=JSONList(_from_lead(at), path="address__path", title="title", language="language"),
        )
        .select_related("release__section__address", "release__section__parent__address")
    )


def withdrawal(at: dt.datetime) -> JSONOne:
    """Since when and why the release of an edition is withdrawn."""
    absences = Absence.objects.at(at).filter(kind=Absence.Kind.WITHDRAWN, release=OuterRef("release_id"))
    return JSONOne(absences, since="since", reason="reason")


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
            Annex.objects.filter(edition=OuterRef("pk"))
            .annotate(readable=Exists(PageText.objects.filter(blob=OuterRef("blob_id"))))
            .order_by("position"),
            label="label", title="title", language="language", path="address__path",
            media_type="blob__media_type", size="blob__size", sha256="blob_id", pages="blob__pages", readable="readable",
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
    at: dt.datetime,
    before: str = "",
    section: Section | None = None,
    length: int = PAGE_LENGTH,
    **beside: JSONList,
) -> Listing:
    """A page of the public releases, newest first, of a section and those below it, with `pieces`. Raises BadCursor.

    What stands `beside` the list comes in its query.
    """
    editions = after(with_openings(with_parts(_listed(at, section), at)), before).annotate(**beside)
    found = list(editions.defer("body", "body_html").order_by(*NEWEST_FIRST)[: length + 1])
    for edition in found:
        vars(edition)["pieces"] = excerpt(opening_text(edition), parse(""), SHOWN)
    columns = {name: vars(found[0])[name] for name in beside} if found else {}
    return Listing(found[:length], cursor(found[length - 1]) if len(found) > length else "", columns)


def years(at: dt.datetime, section: Section | None = None) -> JSONList:
    """Years, the newest first, with the numbers of releases of a section and those below it; for `listing`."""
    dated = _listed(at, section).annotate(year=ExtractYear("release_date")).values("year")
    return JSONList(dated.annotate(count=Count("pk")).order_by("-year"), year="year", count="count")


def _listed(at: dt.datetime, section: Section | None) -> QuerySet[Edition]:
    found = Edition.objects.listed(at)
    return (
        found.filter(Q(release__section=section) | Q(release__section__parent=section)) if section else found
    )


def with_openings(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """Editions with what `opening_text` needs."""
    return editions.select_related("release__section").annotate(opening=Substr("body_html", 1, OPENING))


def opening_text(edition: Edition) -> str:
    """The summary, else how the text begins below its headings and without the title once more."""
    opening = vars(edition)["opening"]
    if len(opening) == OPENING:
        opening = opening.rpartition("<")[0]
    text, title = edition.summary or plain_text(_below_head(opening)), edition.title
    return text[len(title) :].lstrip(" .:–—-") if text.casefold().startswith(title.casefold()) else text


def _below_head(opening: str) -> str:
    place = 0
    while head := HEAD.match(opening, place):
        place = head.end()
    return opening[place:] if opening[place:].strip() else opening


def after(editions: QuerySet[Edition], before: str) -> QuerySet[Edition]:
    """Those that follow a position in the order of all lists ("": all of them). Raises BadCursor."""
    return editions.filter(beyond(*read_cursor(before))) if before else editions


def cursor(edition: Edition) -> str:
    """The position just after `edition` in the order of all lists: date, first live instant, release."""
    first = edition.first_live_at.timestamp() if edition.first_live_at else 0
    return f"{edition.release_date:%Y%m%d}-{round(first * 1_000_000)}-{edition.release_id}"


def read_cursor(text: str) -> tuple[dt.date, dt.datetime, int]:
    found = POSITION.fullmatch(text)
    if found is None:
        raise BadCursor(text)
    day, micros, release = found.groups()
    try:
        instant = EPOCH + dt.timedelta(microseconds=int(micros))
        return dt.datetime.strptime(day, "%Y%m%d").date(), instant, int(release)  # noqa: DTZ007 (a date has no zone)
    except (ValueError, OverflowError) as error:
        raise BadCursor(text) from error


def beyond(day: Any, first: Any, release: Any, *, newer: bool = False) -> Q:
    """What stands on one side of a position in the order of all lists."""
    side = "gt" if newer else "lt"
    same_day = Q(release_date=day)
    return (
        Q(**{f"release_date__{side}": day})
        | same_day & Q(**{f"first_live_at__{side}": first})
        | same_day & Q(**{"first_live_at": first, f"release_id__{side}": release})
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


def _from_lead(at: dt.datetime) -> QuerySet[Edition]:
    """The newest others that the lead agency leads: three, and as many more as may be related as well."""
    lead = Issuer.objects.filter(edition=OuterRef(OuterRef("pk")), position=1).values("agency_id")
    found = Edition.objects.listed(at).filter(issuers__agency__in=lead, issuers__position=1)
    return found.exclude(release=OuterRef("release_id")).order_by(*NEWEST_FIRST)[:13]


def _neighbours(at: dt.datetime, *, newer: bool) -> QuerySet[Edition]:
    """The listed releases of the same section on one side of an edition, the nearest first."""
    place = OuterRef("release_date"), OuterRef("first_live_at"), OuterRef("release_id")
    rows = Edition.objects.listed(at).filter(
        beyond(*place, newer=newer), release__section=OuterRef("release__section")
    )
    return rows.order_by(*NEWEST_FIRST).reverse() if newer else rows.order_by(*NEWEST_FIRST)


def sections(at: dt.datetime) -> QuerySet[Section]:
    """The sections that have something to read, or one below them has, with their addresses, rooms first."""
    read = Edition.objects.listed(at).values("release__section")
    found = Section.objects.filter(Q(pk__in=read) | Q(children__in=read)).distinct()
    return found.select_related("address", "parent").order_by(F("parent_id").asc(nulls_first=True), "title")
