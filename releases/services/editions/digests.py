"""Digests of editions, and of a whole newsroom: what two sites with equal content have in common."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import Model

from releases.content.text.canonical import digest_values
from releases.models import (
    Agency,
    AgencyContact,
    Agreement,
    Boilerplate,
    Edition,
    Newsroom,
    Redirect,
    Release,
    Section,
    SiteFile,
    Source,
    Synonym,
)
from releases.models.rules import DERIVED


def digest_edition(edition: Edition) -> str:
    """What an approval binds to: the typed fields, the issuers' names and the files' SHA-256.

    Not `body_html`, page counts or lock versions: those follow from the rest or change by themselves. Nor the day
    of publication, where that is the release date: the instant says it, which moves it. Of what
    an import approved not what a rule found either; an approval at the desk binds to that too.
    """
    return digest_content(edition, edition_values(edition))


def digest_content(edition: Edition, values: Mapping[str, object]) -> str:
    """`digest_edition` of an edition whose `edition_values` are at hand, in the version of its digest."""
    if edition.digest_version == 1:
        left_out = {"kind", "lead_text"}
        return digest_values({name: value for name, value in values.items() if name not in left_out})
    may_change = edition.origin == Edition.Origin.IMPORT and edition.state == Edition.State.APPROVED
    left_out = {fact for fact, rule in DERIVED.items() if may_change and getattr(edition, rule)}
    if not edition.release_date_is_set:
        left_out.add("release_date")
    kept = {name: value for name, value in values.items() if name not in left_out}
    return digest_values({**kept, "version": edition.digest_version})


def edition_values(edition: Edition) -> dict[str, object]:
    """The content of an edition as plain values, without ids."""
    return values_with_parts(
        edition,
        issuers=[(issuer.agency.slug, issuer.name, issuer.acronym) for issuer in edition.issuers.all()],
        annexes=[
            (annex.label, annex.title, annex.language, annex.address.path, annex.blob_id)
            for annex in edition.annexes.all()
        ],
        illustrations=[
            (picture.address.path, picture.blob_id, picture.alt_text)
            for picture in edition.illustrations.all()
        ],
        agreements=[agreement.slug for agreement in edition.agreements.all()],
    )


def values_with_parts(
    edition: Edition,
    *,
    issuers: Iterable[tuple[str, str, str]],
    annexes: Iterable[tuple[str, str, str, str, str]],
    illustrations: Iterable[tuple[str, str, str]],
    agreements: Iterable[str],
) -> dict[str, object]:
    """`edition_values` of an edition whose parts are at hand, without a query.

    Issuers are (slug, name, acronym), the lead first; annexes (label, title, language, path, SHA-256) in
    their order; illustrations (path, SHA-256, alternative text) and agreements (slug) in any.
    """
    return {
        **typed_values(edition),
        "issuers": list(issuers),
        "annexes": list(annexes),
        "illustrations": sorted(illustrations),
        "agreements": sorted(agreements),
    }


def typed_values(edition: Edition) -> dict[str, object]:
    """The fields that readers see, without parts: what an editor only notes for the desk (`awaited`,
    `wanted_from`) is not among them."""
    return {
        "permalink": edition.address.path,
        "title": edition.title,
        "summary": edition.summary,
        "release_date": edition.release_date,
        "body": edition.body,
        "link_url": edition.link_url,
        "language": edition.language,
        "kind": edition.kind,
        "lead_text": edition.lead_text,
        "contacts": edition.contacts,
        "change_note": edition.change_note,
        "change_class": edition.change_class,
    }


def digest_rows(rows: Iterable[Model]) -> str:
    """Of rows that are no edition's, for the ledger: every stored value but the time of the last sign-in."""
    return digest_values([_values(row) for row in rows])


def _values(row: Model) -> list[object]:
    known = row._meta  # noqa: SLF001 (Django documents it so)
    fields = {
        field.attname: field.value_to_string(row)
        for field in known.concrete_fields
        if field.attname != "last_login"
    }
    chosen = {
        field.name: sorted(one.pk for one in field.value_from_object(row)) for field in known.many_to_many
    }
    return [known.label_lower, fields, chosen]


def digest_site() -> str:
    """One SHA-256 over releases, files, redirects, agencies, agreements and what is said of the newsroom, without
    ids, times of import and ledger.

    Bytes go in by their SHA-256, posts of an old site by their fingerprint; its other pages (`SitePage`) do
    not.
    """
    total = hashlib.sha256()
    for part in (_sections, _releases, _site_files, _redirects, _agencies, _agreements, _newsroom):
        for line in sorted(part()):
            total.update(line.encode())
    return total.hexdigest()


def _sections() -> Iterator[str]:
    for section in Section.objects.select_related("address", "parent"):
        parent = section.parent.folder if section.parent else ""
        yield digest_values(
            ["section", section.address.path, section.folder, section.title, section.kind, parent]
        )


def _releases() -> Iterator[str]:
    sources = {source.release_id: source for source in Source.objects.defer("content")}
    releases = Release.objects.written().select_related("section").order_by("pk")
    parts = ["issuers__agency", "annexes__address", "illustrations__address", "agreements"]
    for release in releases.iterator(chunk_size=500):
        source = sources.get(release.pk)
        editions = release.editions.select_related("address").prefetch_related(*parts).order_by("number")
        yield digest_values(
            [
                "release",
                release.section.folder,
                release.form,
                [source.path, source.fingerprint] if source else None,
                sorted(address.path for address in release.addresses.all()),
                [_edition_line(edition) for edition in editions],
                [
                    [absence.kind, absence.since, absence.until, absence.reason]
                    for absence in release.absences.all()
                ],
            ]
        )


def _edition_line(edition: Edition) -> list[object]:
    """An import's later editions go live at the time of the import, which is not content; what the desk of
    another newsroom wrote counts as written at this one."""
    is_imported = edition.origin == Edition.Origin.IMPORT
    times = [edition.live_from] if edition.number == 1 or not is_imported else []
    return [
        edition.number,
        edition.state,
        Edition.Origin.IMPORT if is_imported else Edition.Origin.DESK,
        times,
        edition_values(edition),
        edition.body_html,
    ]


def _site_files() -> Iterator[str]:
    for site_file in SiteFile.objects.select_related("address"):
        yield digest_values(
            ["site file", site_file.address.path, site_file.blob_id, site_file.live_until is None]
        )


def _redirects() -> Iterator[str]:
    for redirect in Redirect.objects.select_related("address"):
        source = Source.objects.filter(release=redirect.release_id).values_list("path", flat=True).first()
        yield digest_values(["redirect", redirect.address.path, redirect.target, source])


def _agencies() -> Iterator[str]:
    for agency in Agency.objects.select_related("parent", "successor").prefetch_related("names"):
        others = [one.slug if one else "" for one in (agency.parent, agency.successor)]
        yield digest_values([_typed(agency), others, sorted(map(_typed, agency.names.all()))])


def _agreements() -> Iterator[str]:
    for agreement in Agreement.objects.select_related("lead_agency"):
        lead = agreement.lead_agency.slug if agreement.lead_agency else ""
        yield digest_values([_typed(agreement), lead, sorted(_parts_of(agreement))])


def _newsroom() -> Iterator[str]:
    """What is said of the newsroom and its agencies; nothing where nothing is, as in digests of older versions."""
    for newsroom in Newsroom.objects.all():
        if not newsroom.is_blank:
            pictures = [newsroom.logo_id, newsroom.logo_dark_id, newsroom.social_picture_id]
            yield digest_values([_typed(newsroom), pictures])
    for model in (AgencyContact, Boilerplate):
        for row in model.objects.select_related("agency"):
            yield digest_values([model.__name__, _typed(row), row.agency.slug])
    for words in Synonym.objects.values_list("words", flat=True):
        yield digest_values(["synonym", words])


def _parts_of(agreement: Agreement) -> Iterator[list[str]]:
    """What the record of an agreement holds, without keys: a release goes by its first address."""
    for party in agreement.parties.select_related("agency"):
        name = [*_typed(party), party.agency.slug if party.agency else ""]
        yield name
        yield from ([*name, *_typed(action), _place(action.release)] for action in party.actions.all())
        yield from ([*name, *_typed(signatory)] for signatory in party.signatories.all())
    yield from (_typed(signatory) for signatory in agreement.signatories.filter(party=None))
    yield from ([*_typed(event), _place(event.release)] for event in agreement.events.all())
    yield from ([*_typed(text), text.blob_id] for text in agreement.texts.all())
    yield from ([*_typed(relation), relation.other.slug] for relation in agreement.relations.all())
    yield from (["mention", _place(mention.release)] for mention in agreement.mentions.all())


def _typed(row: Model) -> list[str]:
    """The values of a row that are no keys."""
    fields = row._meta.concrete_fields  # noqa: SLF001 (Django documents it so)
    return [
        str(field.value_to_string(row)) for field in fields if not (field.primary_key or field.is_relation)
    ]


def _place(release: Release | None) -> str:
    return str(release.addresses.order_by("path").first() or "") if release else ""
