"""Releases as plain values for JSON, from editions that `pages.with_parts` has read."""

import datetime as dt
from collections.abc import Callable

from django.db.models import OuterRef, QuerySet

from releases.content.permalinks import href
from releases.models import AgreementEvent, Edition
from releases.services.agreements import Dossier
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


def release_ld(edition: Edition, absolute: Callable[[str], str]) -> Plain:
    """The release in schema.org's words: NewsArticle with every issuer and annex."""
    facts = vars(edition)
    agencies = [
        {
            "@type": "GovernmentOrganization",
            "name": row["name"],
            **({"alternateName": row["acronym"]} if row["acronym"] else {}),
        }
        for row in facts["issued_by"]
    ]
    url = absolute(href(edition.address.path))
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": edition.title,
        "description": edition.summary,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": edition.language,
        "datePublished": edition.release_date.isoformat(),
        "dateModified": edition.live_from.isoformat() if edition.live_from else None,
        "author": agencies,
        "publisher": agencies[0] if agencies else None,
        "isAccessibleForFree": True,
        "associatedMedia": [
            {
                "@type": "MediaObject",
                "name": ": ".join(filter(None, [row["label"], row["title"]])),
                "contentUrl": absolute(href(row["path"])),
                "encodingFormat": row["media_type"],
                "contentSize": f"{row['size']} B",
                "sha256": row["sha256"],
            }
            for row in facts["annex_list"]
        ],
    }


def agreement_item(dossier: Dossier) -> Plain:
    """The public record of an agreement, as it stood on `as_at`."""
    agreement = dossier.entry.agreement
    return {
        "slug": agreement.slug,
        "title": agreement.title,
        "short_title": agreement.short_title,
        "acronyms": agreement.acronyms,
        "former_titles": agreement.former_titles,
        "type": agreement.instrument_type,
        "binding": agreement.binding,
        "parties": dossier.entry.parties,
        "as_at": dossier.as_at.isoformat(),
        "status": dossier.entry.status,
        "events": [_event(event) for event in [*dossier.events, *dossier.coming]],
        "signatories": [{"party": party, "person": person} for party, person in dossier.signatories],
        "relations": [{"relation": words, "slug": other.slug} for words, other in dossier.relations],
        "releases": [
            {"permalink": edition.address.path, "title": edition.title} for edition in dossier.releases
        ],
        "annexes": [_annex(row) for row in dossier.annexes],
    }


def agreement_ld(dossier: Dossier, absolute: Callable[[str], str]) -> Plain:
    """The agreement in schema.org's words."""
    agreement = dossier.entry.agreement
    return {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "name": agreement.title,
        "alternateName": [*agreement.acronyms, *agreement.former_titles],
        "url": absolute(f"/agreements/{agreement.slug}/"),
        "legislationType": agreement.get_instrument_type_display(),
        "legislationLegalForce": f"https://schema.org/{'InForce' if dossier.entry.status == 'in-force' else 'NotInForce'}",
        "countryOfOrigin": dossier.entry.parties,
        "citation": [absolute(edition.address.path) for edition in dossier.releases],
    }


def _event(event: AgreementEvent) -> Plain:
    facts = vars(event)
    return {
        "kind": event.kind,
        "date": event.date.isoformat(),
        "place": event.place,
        "note": event.note,
        "release": facts.get("path") or "",
    }
