"""The rows that all releases of a sample share: people, sections, agencies, files, and the agreements as they
are needed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import prefetch_related_objects

from releases.models import (
    Address,
    Agency,
    AgencyName,
    Agreement,
    AgreementEvent,
    AgreementText,
    Edition,
    Party,
    PartyAction,
    Section,
    Signatory,
)
from releases.services.files.storage import store_bytes
from releases.services.samples import stories, words
from releases.services.samples.documents import write_pdf
from releases.services.samples.outlines import (
    SECTIONS,
    AgencyOutline,
    AgreementOutline,
    Step,
    outline_agencies,
    outline_agreement,
)
from releases.services.samples.texts import Composer, compose_title, draw_facts, draw_from

ROOT = "sample"
DOCUMENTS = 36


@dataclass(frozen=True, slots=True)
class Directory:
    """`sections` by their folder below the sample's; `agencies` in the order of their outlines, with names.

    `documents` are SHA-256. Neither of the two people can sign in.
    """

    seed: int
    writer: User
    approver: User
    sections: dict[str, Section]
    agencies: list[Agency]
    documents: list[str]


def prepare_directory(seed: int) -> Directory:
    """The shared rows of a sample, each made where it is not there yet.

    Raises OSError when the store can't be written.
    """
    documents = [_store_document(seed, number) for number in range(DOCUMENTS)]
    with transaction.atomic():
        root = _make_section(ROOT, "Sample newsroom", "release", None)
        sections = {
            one.folder: _make_section(f"{ROOT}/{one.folder}", f"Sample {one.title.lower()}", one.kind, root)
            for one in SECTIONS
        }
        agencies = _make_agencies(outline_agencies(seed))
        writer, approver = (_make_person(role) for role in ("writer", "approver"))
    return Directory(seed, writer, approver, sections, agencies, documents)


def find_agreement(directory: Directory, number: int) -> Agreement:
    """The agreement of a block of releases, made with its parties where it is not there yet."""
    outline = outline_agreement(directory.seed, number)
    lead = directory.agencies[outline.agency]
    agreement, is_new = Agreement.objects.get_or_create(
        slug=outline.slug,
        defaults={
            "title": outline.title,
            "acronyms": [f"SA{number + 1}"],
            "instrument_type": outline.kind,
            "binding": Agreement.Binding.BINDING if outline.is_binding else Agreement.Binding.NON_BINDING,
            "summary": "A made-up agreement of a sample newsroom.",
            "subjects": [outline.subject],
            "lead_agency": lead,
        },
    )
    if is_new:
        Party.objects.bulk_create(_parties(agreement, outline, lead))
    return agreement


def tell_step(directory: Directory, agreement: Agreement, step: Step, edition: Edition, text: str) -> None:
    """Record the event that a release tells of; with a signature who signed, and the `text` (the SHA-256 of a
    file)."""
    chance = draw_from(directory.seed, agreement.slug, step)
    told = {"release_id": edition.release_id}
    AgreementEvent.objects.create(
        agreement=agreement,
        kind=step.value,
        date=edition.release_date,
        place=chance.choice(words.PLACES),
        **told,
    )
    if step != Step.SIGNED:
        return
    for party in agreement.parties.all():
        PartyAction.objects.create(
            party=party, kind=PartyAction.Kind.SIGNATURE, action_on=edition.release_date, **told
        )
        person, office = chance.choice(words.PEOPLE), chance.choice(words.OFFICES)
        Signatory.objects.create(agreement=agreement, party=party, person=person, office=office)
    AgreementText.objects.create(agreement=agreement, blob_id=text)


def _store_document(seed: int, number: int) -> str:
    chance = draw_from(seed, "document", number)
    agency, story = chance.choice(outline_agencies(seed)), chance.choice(stories.NEWS)
    facts = draw_facts(chance, agency=agency.names[-1].name, field=agency.field, year=2020)
    composer = Composer(chance, story, facts)
    title = f"Sample document {number + 1}: {compose_title(story, facts)}"
    paragraphs = [composer.compose_paragraph().replace("*", "") for _ in range(chance.randrange(3, 40))]
    data = write_pdf(
        title, ["Everything in this document is made up.", *paragraphs], is_tagged=number % 3 > 0
    )
    return store_bytes(data, f"sample-{number + 1}.pdf").pk


def _make_section(folder: str, title: str, kind: str, parent: Section | None) -> Section:
    values = {"title": title, "kind": kind, "parent": parent}
    section, is_new = Section.objects.get_or_create(folder=folder, defaults=values)
    if is_new:
        Address.objects.create(path=f"/{folder}/", kind=Address.Kind.SECTION, section=section)
    return section


def _make_agencies(outlines: Sequence[AgencyOutline]) -> list[Agency]:
    """The agencies of these outlines, in their order, with their names."""
    slugs = [outline.slug for outline in outlines]
    there = set(Agency.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    missing = [outline for outline in outlines if outline.slug not in there]
    Agency.objects.bulk_create(
        Agency(slug=one.slug, kind=one.kind, acronym=one.names[-1].acronym, succeeded_on=one.ended_on)
        for one in missing
    )
    found = Agency.objects.in_bulk(slugs, field_name="slug")
    for outline in missing:
        agency = found[outline.slug]
        agency.parent = found.get(outline.parent)
        agency.successor = found[slugs[outline.place + 1]] if outline.ended_on else None
        agency.save()
    AgencyName.objects.bulk_create(
        AgencyName(agency=found[outline.slug], **name._asdict())
        for outline in missing
        for name in outline.names
    )
    agencies = [found[slug] for slug in slugs]
    prefetch_related_objects(agencies, "names")
    return agencies


def _make_person(role: str) -> User:
    """Somebody who did something in the sample, and never signs in."""
    values = {"first_name": "Sample", "last_name": role.title(), "is_active": False}
    person, is_new = User.objects.get_or_create(username=f"sample-{role}", defaults=values)
    if is_new:
        person.set_unusable_password()
        person.save()
    return person


def _parties(agreement: Agreement, outline: AgreementOutline, lead: Agency) -> list[Party]:
    parties = [Party(agreement=agreement, position=1, kind=Party.Kind.AGENCY, agency=lead)]
    for position, code in enumerate(outline.states, 2):
        parties.append(Party(agreement=agreement, position=position, kind=Party.Kind.STATE, country=code))
    if name := outline.organisation:
        kind = Party.Kind.ORGANISATION
        parties.append(Party(agreement=agreement, position=len(parties) + 1, kind=kind, name=name))
    return parties
