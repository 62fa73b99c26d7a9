"""Releases as plain values for JSON, from editions that `columns.with_parts` has read."""

import datetime as dt
from collections.abc import Callable
from html import unescape

from django.db.models import OuterRef, QuerySet
from django.utils.timezone import localtime

from releases.content.extraction.kinds import KINDS
from releases.content.files.annex_names import format_annex_name
from releases.content.markdown.page_parts import find_first_picture
from releases.content.text.permalinks import quote_path
from releases.models import AgreementEvent, AgreementText, Edition, PartyAction
from releases.services.agencies.statistics import AgencyLine
from releases.services.agreements.dossier import Dossier
from releases.services.agreements.register import Entry
from releases.services.editions.columns import (
    annexes_of,
    annotation,
    issuers_of,
    with_parts,
    withdrawal_column,
)
from releases.services.editions.json_subqueries import JSONList, instant_of
from releases.services.editions.rows import AnnexRow, IssuerRow, ReleaseView

Plain = dict[str, object]
Absolute = Callable[[str], str]


def with_json_columns(editions: QuerySet[Edition], at: dt.datetime) -> QuerySet[Edition]:
    """Editions with all that `serialize_release` tells, in one query."""
    record = Edition.objects.on_record(at).filter(release=OuterRef("release_id")).order_by("number")
    return (
        with_parts(editions, at)
        .select_related("release__section")
        .annotate(
            edition_list=JSONList(record, number="number", live_from="live_from", change_note="change_note"),
            withdrawn=withdrawal_column(at),
        )
    )


def serialize_release(edition: Edition, absolute: Absolute, *, with_body: bool = True) -> Plain:
    """`withdrawn` says since when and why; null where the release stands. `with_body`: with its text."""
    withdrawn = annotation(edition, "withdrawn")
    text = {"body_markdown": edition.body, "body_html": edition.body_html} if with_body else {}
    return {
        "permalink": edition.address.path,
        "url": absolute(quote_path(edition.address.path)),
        "title": edition.title,
        "summary": edition.summary,
        "date": edition.release_date.isoformat(),
        "kind": edition.kind,
        "form": edition.release.form,
        "section": edition.release.section.title,
        "language": edition.language,
        "issuers": [
            {"name": row.name, "acronym": row.acronym, "role": "joint" if position else "lead"}
            for position, row in enumerate(issuers_of(edition))
        ],
        "annexes": [_annex(row) | {"url": absolute(quote_path(row.path))} for row in annexes_of(edition)],
        "agreements": annotation(edition, "agreement_list"),
        "editions": [
            row | {"live_from": _instant(row["live_from"])} for row in annotation(edition, "edition_list")
        ],
        "withdrawn": withdrawn and withdrawn | {"since": _instant(withdrawn["since"])},
        "link": edition.link_url,
        **text,
    }


def serialize_agency_line(line: AgencyLine, absolute: Absolute) -> Plain:
    """An agency as the list of agencies has it: its names of today, how many releases, and when the last."""
    return {
        "slug": line.slug,
        "url": absolute(f"/agencies/{line.slug}/"),
        "name": line.name,
        "acronym": line.acronym,
        "kind": line.kind,
        "active": line.is_active,
        "releases": line.releases,
        "latest": line.latest.isoformat(),
    }


def serialize_entry(entry: Entry, absolute: Absolute) -> Plain:
    """A line of the register of agreements, by the names of the fields of the whole record."""
    agreement = entry.agreement
    return {
        "slug": agreement.slug,
        "url": absolute(f"/agreements/{agreement.slug}/"),
        "data": absolute(f"/agreements/{agreement.slug}/data.json"),
        "title": agreement.title,
        "acronyms": agreement.acronyms,
        "type": agreement.instrument_type,
        "binding": agreement.binding,
        "parties": entry.parties,
        "status": entry.status,
        "signed_on": entry.signed_on.isoformat() if entry.signed_on else None,
    }


def _annex(row: AnnexRow) -> Plain:
    return {
        "label": row.label,
        "title": row.title,
        "path": row.path,
        "media_type": row.media_type,
        "size": row.size,
        "sha256": row.sha256,
        "pages": row.pages,
    }


def _instant(value: object) -> str:
    """ISO 8601 in the newsroom's zone."""
    return localtime(instant_of(str(value))).isoformat()


def release_linked_data(view: ReleaseView, absolute: Absolute) -> Plain:
    """The release in schema.org's words: NewsArticle with every issuer and annex."""
    edition = view.edition
    agencies = [_agency_ld(row, absolute) for row in view.issuers]
    url = absolute(quote_path(edition.address.path))
    picture = find_first_picture(view.body_html)
    page = {"@type": "WebPage", "@id": url, "breadcrumb": _breadcrumb_ld(edition, absolute)}
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": edition.title,
        "description": view.description,
        "image": absolute(unescape(picture)) if picture else None,
        "url": url,
        "mainEntityOfPage": page,
        "genre": KINDS[edition.kind],
        "inLanguage": edition.language,
        "datePublished": localtime(edition.first_live_at).isoformat() if edition.first_live_at else None,
        "dateModified": _modified_ld(edition),
        "version": edition.number if edition.number > 1 else None,
        "correction": edition.change_note if edition.change_class == "correction" else None,
        "creativeWorkStatus": "Withdrawn" if view.withdrawal else None,
        "author": agencies,
        "publisher": agencies[0] if agencies else None,
        "isAccessibleForFree": True,
        "about": [
            {
                "@type": "Legislation",
                "name": row.title,
                "url": absolute(f"/agreements/{row.slug}/"),
            }
            for row in view.agreements
        ],
        "workTranslation": [
            {
                "@type": "NewsArticle",
                "headline": other.title,
                "inLanguage": other.language,
                "url": absolute(quote_path(other.path)),
            }
            for other in view.translations
        ],
        "associatedMedia": [_annex_ld(row, absolute) for row in view.annexes],
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def _agency_ld(row: IssuerRow, absolute: Absolute) -> Plain:
    acronym = {"alternateName": row.acronym} if row.acronym else {}
    url = absolute(f"/agencies/{row.slug}/")
    return {"@type": "GovernmentOrganization", "name": row.name, **acronym, "url": url}


def _annex_ld(row: AnnexRow, absolute: Absolute) -> Plain:
    return {
        "@type": "MediaObject",
        "name": format_annex_name(row.label, row.title),
        "contentUrl": absolute(quote_path(row.path)),
        "encodingFormat": row.media_type,
        "contentSize": f"{row.size} B",
        "sha256": row.sha256,
    }


def _modified_ld(edition: Edition) -> str | None:
    """When the present text became public, where it is not the first one."""
    is_later = edition.live_from and edition.live_from != edition.first_live_at
    return localtime(edition.live_from).isoformat() if is_later else None


def _breadcrumb_ld(edition: Edition, absolute: Absolute) -> Plain:
    """Home, the room, the section: what stands above the title."""
    section = edition.release.section
    above = [("Home", "/")]
    above += [
        (one.title, quote_path(one.address.path))
        for one in (section.parent, section)
        if one and hasattr(one, "address")
    ]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
        for place, (name, path) in enumerate(above, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def serialize_agreement(dossier: Dossier) -> Plain:
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
        "former_parties": [{"party": name, "until": day.isoformat()} for name, day in dossier.entry.left],
        "as_at": dossier.as_at.isoformat(),
        "status": dossier.entry.status,
        "events": [_event(event) for event in [*dossier.events, *dossier.coming]],
        "signatories": [{"party": party, "person": person} for party, person in dossier.signatories],
        "party_actions": [_action(party, action) for party, action in dossier.actions],
        "texts": [_text(text) for text in dossier.texts],
        "depositary": dossier.depositary,
        "registration": dossier.registration,
        "duration": dossier.duration,
        "renewal": dossier.renewal,
        "expires_on": dossier.expires_on.isoformat() if dossier.expires_on else None,
        "lead_agency": dossier.lead,
        "contact": agreement.contact,
        "source": agreement.source_url,
        "instruments_under_it": [
            {"slug": entry.agreement.slug, "title": entry.agreement.title, "status": entry.status}
            for entry in dossier.below
        ],
        "relations": [{"relation": words, "slug": other.slug} for words, other in dossier.relations],
        "releases": [
            {"permalink": edition.address.path, "title": edition.title} for edition in dossier.releases
        ],
        "annexes": [_annex(row.file) for row in dossier.annexes],
    }


def agreement_linked_data(dossier: Dossier, absolute: Absolute) -> Plain:
    """The agreement in schema.org's words."""
    agreement = dossier.entry.agreement
    told: Plain = {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "name": agreement.title,
        "alternateName": [*agreement.acronyms, *agreement.former_titles],
        "url": absolute(f"/agreements/{agreement.slug}/"),
        "legislationType": agreement.get_instrument_type_display(),
        "legislationLegalForce": f"https://schema.org/{'InForce' if dossier.entry.status == 'in-force' else 'NotInForce'}",
        "countryOfOrigin": dossier.entry.parties,
        "citation": [absolute(quote_path(edition.address.path)) for edition in dossier.releases],
        "encoding": [_encoding(text, absolute) for text in dossier.texts],
    }
    return told | ({"expires": dossier.expires_on.isoformat()} if dossier.expires_on else {})


def _encoding(text: AgreementText, absolute: Absolute) -> Plain:
    return {
        "@type": "LegislationObject",
        "name": str(text),
        "inLanguage": text.language,
        "encodingFormat": text.blob.media_type,
        "contentUrl": absolute(quote_path(vars(text)["path"])),
        "sha256": text.blob_id,
    }


def _action(party: str, action: PartyAction) -> Plain:
    return {
        "party": party,
        "kind": action.kind,
        "action_on": action.action_on.isoformat(),
        "effective_on": action.effective_on.isoformat() if action.effective_on else None,
        "statement": action.statement,
        "source": action.source,
        "source_url": action.source_url,
    }


def _text(text: AgreementText) -> Plain:
    return {
        "kind": text.kind,
        "language": text.language,
        "path": vars(text)["path"],
        "media_type": text.blob.media_type,
        "sha256": text.blob_id,
    }


def _event(event: AgreementEvent) -> Plain:
    facts = vars(event)
    return {
        "kind": event.kind,
        "date": event.date.isoformat(),
        "place": event.place,
        "note": event.note,
        "release": facts.get("path") or "",
        "source": event.source,
        "source_url": event.source_url,
    }
