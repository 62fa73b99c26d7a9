"""All that the page of a release shows, in a fixed number of queries."""

import datetime as dt
import json

from django.db.models import OuterRef, Q, QuerySet

from releases.models import (
    Agreement,
    Edition,
    Issuer,
    Mention,
)
from releases.models.edition import NEWEST_FIRST
from releases.services.agreements.names import names_column
from releases.services.editions.columns import with_parts, withdrawal_column
from releases.services.editions.json_subqueries import JSONList, JSONOne
from releases.services.editions.pagination import keyset_q
from releases.services.search.related import same_subject_column


def find_release_page(edition: int, at: dt.datetime, title: str = "") -> Edition:
    """The edition with its issuers, annexes, neighbours, agreements and absence, in one query.

    With its `title`, which who looked it up knows, also others on the same subject.
    """
    found = _whole(Edition.objects.live(at), at)
    if subject := same_subject_column(at, title, edition):
        found = found.annotate(same_subject=subject)
    return _without_repeats(found.get(pk=edition))


def find_draft_page(edition: int, at: dt.datetime) -> Edition:
    """`find_release_page` of an edition that is not public. Only for who may see it."""
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
            withdrawn=withdrawal_column(at),
            known_agreements=names_column(at),
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
        keyset_q(*place, newer=newer), release__section=OuterRef("release__section")
    )
    return rows.order_by(*NEWEST_FIRST).reverse() if newer else rows.order_by(*NEWEST_FIRST)
