"""Releases as plain values for JSON, from editions that `pages.with_parts` has read."""

import datetime as dt

from django.db.models import OuterRef, QuerySet

from releases.models import Edition
from releases.services.jsonlists import JSONList
from releases.services.pages import with_parts

Plain = dict[str, object]


def for_json(editions: QuerySet[Edition], at: dt.datetime) -> QuerySet[Edition]:
    """Editions with all that `release_item` tells, in one query."""
    record = Edition.objects.on_record(at).filter(release=OuterRef("release_id")).order_by("number")
    return (
        with_parts(editions, at)
        .select_related("release__section")
        .annotate(
            edition_list=JSONList(record, number="number", live_from="live_from", change_note="change_note")
        )
    )


def release_item(edition: Edition) -> Plain:
    facts = vars(edition)
    return {
        "permalink": edition.address.path,
        "title": edition.title,
        "summary": edition.summary,
        "date": edition.release_date.isoformat(),
        "kind": edition.release.kind,
        "section": edition.release.section.title,
        "language": edition.language,
        "issuers": [_issuer(row, position) for position, row in enumerate(facts["issued_by"])],
        "annexes": [_annex(row) for row in facts["annex_list"]],
        "agreements": facts["agreement_list"],
        "editions": [row | {"live_from": _instant(row["live_from"])} for row in facts["edition_list"]],
        "link": edition.link_url,
        "body_markdown": edition.body,
        "body_html": edition.body_html,
    }


def _issuer(row: Plain, position: int) -> Plain:
    return {"name": row["name"], "acronym": row["acronym"], "role": "joint" if position else "lead"}


def _annex(row: Plain) -> Plain:
    return {key: row[key] for key in ("label", "title", "path", "media_type", "size", "sha256", "pages")}


def _instant(value: object) -> str:
    """ISO 8601 in UTC; the databases write an instant inside JSON in ways of their own."""
    instant = dt.datetime.fromisoformat(str(value))
    return (instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)).astimezone(dt.UTC).isoformat()
