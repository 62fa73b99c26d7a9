"""All that the page of a release shows: small queries by index, a fixed number of them, as typed rows."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models import Value as Text
from django.db.models.functions import Coalesce, NullIf
from django.utils.timezone import localdate

from releases.content.agreement_status import NOT_RECORDED, derive_status
from releases.content.markdown.page_parts import list_file_links
from releases.models import (
    Absence,
    AgencyContact,
    AgencyName,
    Agreement,
    AgreementEvent,
    Annex,
    Edition,
    Illustration,
    Issuer,
    Mention,
    PageText,
    Release,
)
from releases.models.edition import NEWEST_FIRST
from releases.services.agreements.names import load_names
from releases.services.editions.columns import annotation, describe_edition
from releases.services.editions.facts import find_once
from releases.services.editions.json_subqueries import JSONList
from releases.services.editions.pagination import keyset_q
from releases.services.editions.rows import (
    AgreementRow,
    AnnexRow,
    IssuerRow,
    PictureRow,
    ReleaseLink,
    ReleaseView,
    Update,
    Withdrawal,
)
from releases.services.editions.statements import Row, Rows, Statement, Value
from releases.services.search.related import find_same_subject
from releases.services.website.resolver import reachable_paths

RELATED_COUNT = 5
FROM_LEAD_COUNT = 3
MOST_FROM_LEAD = FROM_LEAD_COUNT + 2 * RELATED_COUNT
LATEST_COUNT = 1_000
LINK = ("address__path", "title", "language")
ANNEX_COLUMNS = (
    "label",
    "title",
    "language",
    "address__path",
    "blob__media_type",
    "blob__size",
    "blob_id",
    "blob__pages",
    "readable",
    "blob__thumbnail_width",
    "blob__thumbnail_height",
)


def find_release_page(edition: int, at: dt.datetime) -> ReleaseView:
    """The page of the edition with this key, which is live at `at`.

    Raises Edition.DoesNotExist where it is not.
    """
    found = LIVE.instances(edition=edition, at=at)
    if not found:
        raise Edition.DoesNotExist
    view = _build_view(found[0], at)
    near = find_same_subject(view.edition, at)
    # Its own annexes are there, and most texts link to no other file.
    linked = set(list_file_links(view.body_html)) - {annex.path for annex in view.annexes}
    absent = frozenset(linked - reachable_paths(linked, at)) if linked else frozenset()
    rows = PICTURES.rows(edition=edition) if "<img" in view.body_html else []
    pictures = tuple(PictureRow(*row) for row in rows)
    return _without_repeats(
        dataclasses.replace(view, same_subject=near, absent_files=absent, pictures=pictures)
    )


def find_draft_page(edition: int, at: dt.datetime) -> ReleaseView:
    """`find_release_page` of an edition that is not public. Only for who may see it."""
    return _without_repeats(_build_view(_with_place(Edition.objects.all(), at).get(pk=edition), at))


NOT_SHOWN = (
    *("embargo_is_confirmed", "release_date_is_confirmed", "kind_rule", "lead_rule", "issuers_rule"),
    *("release__assignee", "release__original", "release__original_digest", "release__opened"),
)


def _with_place(editions: QuerySet[Edition], at: dt.datetime) -> QuerySet[Edition]:
    """With the address, the section and its room, and the withdrawal that holds at `at`."""
    absences = Absence.objects.at(at).filter(kind=Absence.Kind.WITHDRAWN, release=OuterRef("release_id"))
    place = ("address", "release__section__address", "release__section__parent__address")
    return (
        editions.select_related(*place)
        .defer(*NOT_SHOWN)
        .annotate(
            withdrawn_since=Subquery(absences.values("since")[:1]),
            withdrawal_reason=Subquery(absences.values("reason")[:1]),
        )
    )


def _build_view(edition: Edition, at: dt.datetime) -> ReleaseView:
    key, release = edition.pk, edition.release_id
    issuers = [IssuerRow(*row) for row in ISSUERS.rows(edition=key, day=localdate(at))]
    agreements = AGREEMENTS.rows(edition=key, release=release, at=at)
    keys = tuple(row[0] for row in agreements)
    related = RELATED.rows(agreements=keys, release=release, at=at) if keys else []
    from_lead = _list_from_lead(release, issuers[0].agency, at) if issuers else []
    withdrawn_since = annotation(edition, "withdrawn_since")
    newer, older = _find_neighbours(edition, at)
    return ReleaseView(
        edition=edition,
        description=describe_edition(edition),
        body_html=edition.body_html,
        issuers=issuers,
        annexes=[AnnexRow(*row) for row in ANNEXES.rows(edition=key)],
        agreements=[
            AgreementRow(slug, title, event or "", _find_status(told, localdate(at)))
            for _, slug, title, event, told in agreements
        ],
        withdrawal=(
            Withdrawal(withdrawn_since, annotation(edition, "withdrawal_reason")) if withdrawn_since else None
        ),
        updates=_list_updates(edition, at),
        translations=_list_translations(edition, at),
        newer=newer,
        older=older,
        related=[ReleaseLink(*row) for row in related],
        same_subject=[],
        from_lead=from_lead,
        agreement_names=load_names(at),
        with_contacts=tuple(one for one in issuers if one.reachable),
        email=next(filter(None, (one.email for one in issuers)), ""),
    )


def _find_status(events: Sequence[dict[str, str]], day: dt.date) -> str:
    """Where events, {kind, date}, left an agreement on `day`."""
    told = [(event["kind"], dt.date.fromisoformat(event["date"])) for event in events]
    return derive_status(day, told) if told else NOT_RECORDED


def _list_updates(edition: Edition, at: dt.datetime) -> list[Update]:
    """Those on record up to this edition. A first edition that is live is the only one."""
    if edition.number == 1 and edition.live_from and edition.live_from <= at:
        return [Update(1, edition.live_from, edition.change_note, edition.change_class)]
    rows = UPDATES.rows(release=edition.release_id, number=edition.number, at=at)
    return [Update(*row) for row in rows]


def _list_translations(edition: Edition, at: dt.datetime) -> list[ReleaseLink]:
    if edition.release.translation_group is None:
        return []
    rows = TRANSLATIONS.rows(edition=edition.pk, release=edition.release_id, at=at)
    return [ReleaseLink(*row) for row in rows]


def _list_from_lead(release: int, lead: int, at: dt.datetime) -> list[ReleaseLink]:
    others = [ReleaseLink(*link) for key, *link in _find_newest_led(at, lead) if key != release]
    return others[:MOST_FROM_LEAD]


@find_once
def _find_newest_led(at: dt.datetime, lead: int) -> Sequence[Row]:
    """Looked for among the latest of the archive; those of an agency that leads few of them among its own."""
    rows = FROM_LEAD_AMONG_LATEST.rows(lead=lead, at=at)
    return rows if len(rows) > MOST_FROM_LEAD else FROM_LEAD.rows(lead=lead, at=at)


def _find_neighbours(edition: Edition, at: dt.datetime) -> tuple[ReleaseLink | None, ReleaseLink | None]:
    """(newer, older): the nearest listed releases of the same section. A draft stands where it would now."""
    place: dict[str, Value] = {
        "section": edition.release.section_id,
        "day": edition.release_date,
        "first": edition.first_live_at or at,
        "release": edition.release_id,
        "at": at,
    }
    newer, older = NEWER.sql_and_parameters(**place), OLDER.sql_and_parameters(**place)
    both = _NEIGHBOURS.format(newer=newer.sql, older=older.sql)
    with connection.cursor() as cursor:
        cursor.execute(both, [*newer.parameters, *older.parameters])
        found = {side: ReleaseLink(*link) for side, *link in cursor.fetchall()}
    return found.get("newer"), found.get("older")


_NEIGHBOURS = (
    "SELECT 'newer', newer.* FROM ({newer}) newer UNION ALL SELECT 'older', older.* FROM ({older}) older"
)


def _without_repeats(view: ReleaseView) -> ReleaseView:
    shown = {link.path for link in view.related}
    near = [link for link in view.same_subject if link.path not in shown]
    shown |= {link.path for link in near}
    more = [link for link in view.from_lead if link.path not in shown]
    return dataclasses.replace(view, same_subject=near, from_lead=more[:FROM_LEAD_COUNT])


def _issuer_rows(edition: int, day: dt.date) -> Rows:
    """IssuerRow of each; what it is called on `day`, by the names that readers may know then."""
    rows = Issuer.objects.filter(edition=edition).order_by("position")
    names = AgencyName.objects.by(day).filter(agency=OuterRef("agency"))
    latest = names.order_by(F("valid_from").desc(nulls_last=True))
    called = latest.annotate(called=Coalesce(NullIf("acronym", Text("")), "name")).values("called")[:1]
    today = Coalesce(Subquery(called), NullIf("acronym", Text("")), "name")
    contacts = AgencyContact.objects.on(day).filter(agency=OuterRef("agency")).order_by("name", "pk")
    email = Coalesce(Subquery(contacts.exclude(email="").values("email")[:1]), Text(""))
    return rows.values_list("name", "acronym", "agency__slug", "agency_id", today, Exists(contacts), email)


def _annex_rows(edition: int) -> Rows:
    rows = Annex.objects.filter(edition=edition).order_by("position")
    has_text = Exists(PageText.objects.filter(blob=OuterRef("blob_id")))
    return rows.annotate(readable=has_text).values_list(*ANNEX_COLUMNS)


def _picture_rows(edition: int) -> Rows:
    rows = Illustration.objects.filter(edition=edition, blob__picture_width__gt=0).order_by("pk")
    return rows.values_list(
        "address__path", "blob_id", "blob__picture_width", "blob__picture_height", "blob__copy_widths"
    )


def _agreement_rows(edition: int, release: int, at: dt.datetime) -> Rows:
    """The agreements that an edition names, those that an editor tied to its release, and those of which it
    tells an event."""
    named = Agreement.editions.through.objects.filter(edition=edition).values("agreement_id")
    tied = Mention.objects.filter(release=release).values("agreement_id")
    told = AgreementEvent.objects.public(at).filter(release=release)
    event = told.filter(agreement=OuterRef("pk")).order_by("-date", "-pk")
    about = Q(pk__in=named) | Q(pk__in=tied) | Q(pk__in=told.order_by().values("agreement_id"))
    rows = Agreement.objects.filter(about).order_by("slug")
    events = AgreementEvent.objects.public(at).filter(agreement=OuterRef("pk"))
    kinds = rows.annotate(
        event=Subquery(event.values("kind")[:1]),
        told=JSONList(events.order_by("pk"), kind="kind", date="date"),
    )
    return kinds.values_list("pk", "slug", "title", "event", "told")


def _update_rows(release: int, number: int, at: dt.datetime) -> Rows:
    rows = Edition.objects.on_record(at).filter(release=release, number__lte=number).order_by("-number")
    return rows.values_list("number", "live_from", "change_note", "change_class")


def _translation_rows(edition: int, release: int, at: dt.datetime) -> Rows:
    group = Release.objects.filter(pk=release).values("translation_group")
    others = Edition.objects.listed(at).filter(release__translation_group__in=group).exclude(release=release)
    return others.order_by("language", "pk").values_list(*LINK)


def _newer_rows(section: int, day: dt.date, first: dt.datetime, release: int, at: dt.datetime) -> Rows:
    beyond = Q(release_date__gte=day) & keyset_q(day, first, release, newer=True)
    rows = Edition.objects.listed(at).filter(beyond).filter(_in_section(section)).exclude(release=release)
    return rows.order_by(*NEWEST_FIRST).reverse().values_list(*LINK)[:1]


def _older_rows(section: int, day: dt.date, first: dt.datetime, release: int, at: dt.datetime) -> Rows:
    beyond = Q(release_date__lte=day) & keyset_q(day, first, release)
    rows = Edition.objects.listed(at).filter(beyond).filter(_in_section(section)).exclude(release=release)
    return rows.order_by(*NEWEST_FIRST).values_list(*LINK)[:1]


def _in_section(section: int) -> Exists:
    """So that the index of the order of all lists is walked from the release on, not the whole section
    sorted."""
    return Exists(Release.objects.filter(pk=OuterRef("release_id"), section=section))


def _related_rows(agreements: Sequence[int], release: int, at: dt.datetime) -> Rows:
    """The newest others about one of these agreements."""
    tied = Mention.objects.filter(agreement__in=agreements).values("release_id")
    told = AgreementEvent.objects.public(at).filter(agreement__in=agreements, release__isnull=False)
    releases = tied.union(told.order_by().values("release_id"))
    named = Agreement.editions.through.objects.filter(agreement__in=agreements).values("edition_id")
    about = named.union(Edition.objects.filter(release__in=releases).order_by().values("pk"))
    others = Edition.objects.listed(at).filter(pk__in=about).exclude(release=release)
    return others.order_by("-release_date", "-release_id").values_list(*LINK)[:RELATED_COUNT]


def _from_lead_rows(lead: int, at: dt.datetime) -> Rows:
    """The newest that the agency `lead` leads: all of them are read, and sorted."""
    led = Issuer.objects.filter(agency=lead, position=1).values("edition")
    return _newest_led(Edition.objects.listed(at).filter(pk__in=led))


def _from_lead_among_latest_rows(lead: int, at: dt.datetime) -> Rows:
    """Those of them that are among the LATEST_COUNT of the archive, by date: read in their order, until
    enough are found."""
    approved = Edition.objects.filter(state=Edition.State.APPROVED).order_by(*NEWEST_FIRST)
    day = Subquery(approved.values("release_date")[LATEST_COUNT : LATEST_COUNT + 1])
    leads = Exists(Issuer.objects.filter(edition=OuterRef("pk"), position=1, agency=lead))
    latest = Edition.objects.listed(at).filter(leads, release_date__gte=Coalesce(day, dt.date.min))
    return _newest_led(latest)


def _newest_led(editions: QuerySet[Edition]) -> Rows:
    """With their releases: as many as are shown, as many more as may be shown elsewhere on the page, and the
    page itself."""
    newest = editions.order_by(*NEWEST_FIRST)
    return newest.values_list("release_id", *LINK)[: MOST_FROM_LEAD + 1]


LIVE = Statement(lambda edition, at: _with_place(Edition.objects.live(at).filter(pk=edition), at))
ISSUERS = Statement(_issuer_rows)
ANNEXES = Statement(_annex_rows)
PICTURES = Statement(_picture_rows)
AGREEMENTS = Statement(_agreement_rows)
UPDATES = Statement(_update_rows)
TRANSLATIONS = Statement(_translation_rows)
NEWER = Statement(_newer_rows)
OLDER = Statement(_older_rows)
RELATED = Statement(_related_rows)
FROM_LEAD = Statement(_from_lead_rows)
FROM_LEAD_AMONG_LATEST = Statement(_from_lead_among_latest_rows)
