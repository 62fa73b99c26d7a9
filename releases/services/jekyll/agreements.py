"""The register of agreements: on the way out, and back around the releases that it is tied to."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from releases.content.files.digests import digest_file
from releases.content.jekyll.record import (
    AgreementRecord,
    AgreementTextRecord,
    EventRecord,
    PartyActionRecord,
    PartyRecord,
    RelationRecord,
    SignatoryRecord,
    locate_bytes,
)
from releases.models import (
    Address,
    Agency,
    Agreement,
    AgreementEvent,
    AgreementText,
    Blob,
    Mention,
    Party,
    PartyAction,
    Relation,
    Release,
    Signatory,
)
from releases.services.files.storage import store_file

PARTS = ("parties", "signatories", "events", "texts", "relations", "mentions")
LISTS = ("acronyms", "former_titles", "subjects")
TYPED = tuple(
    one.name for one in dataclasses.fields(AgreementRecord) if one.name not in {*PARTS, *LISTS, "lead_agency"}
)
PARTY = ("position", "kind", "name")
SIGNATORY = ("person", "office")
ACTION = ("kind", "action_on", "effective_on", "statement", "source", "source_url", "public_from")
Places = Mapping[int | None, str]
"""An address of each release that an export has, by its key."""
EVENT = ("kind", "date", "note", "source", "source_url", "public_from")


def gather_agreements() -> tuple[AgreementRecord, ...]:
    """All of them, in the order of their slugs."""
    exported = Release.objects.written().exclude(editions__erased_at__isnull=False)
    addresses = Address.objects.filter(release__in=exported).order_by("-path")
    places = {None: ""} | dict(addresses.values_list("release_id", "path"))
    agreements = Agreement.objects.select_related("lead_agency").order_by("slug")
    return tuple(_gather(agreement, places) for agreement in agreements)


def _gather(agreement: Agreement, places: Places) -> AgreementRecord:
    own = agreement.signatories.filter(party=None)
    parties = agreement.parties.select_related("agency").prefetch_related("signatories", "actions")
    told = {places.get(one.release_id, "") for one in agreement.mentions.all()} - {""}
    lists: dict[str, Any] = {name: tuple(getattr(agreement, name)) for name in LISTS}
    return AgreementRecord(
        **_values(agreement, TYPED),
        **lists,
        lead_agency=agreement.lead_agency.slug if agreement.lead_agency else "",
        parties=tuple(_gather_party(party, places) for party in parties),
        signatories=tuple(SignatoryRecord(**_values(one, SIGNATORY)) for one in own),
        events=tuple(
            EventRecord(**_values(one, EVENT), venue=one.place, release=places.get(one.release_id, ""))
            for one in agreement.events.all()
        ),
        texts=tuple(
            AgreementTextRecord(one.kind, one.language, one.blob_id)
            for one in agreement.texts.order_by("kind", "language", "blob_id")
        ),
        relations=tuple(
            RelationRecord(one.kind, one.other.slug)
            for one in agreement.relations.select_related("other").order_by("kind", "other__slug")
        ),
        mentions=tuple(sorted(told)),
    )


def _gather_party(party: Party, places: Places) -> PartyRecord:
    return PartyRecord(
        **_values(party, PARTY),
        country=str(party.country),
        agency=party.agency.slug if party.agency else "",
        signatories=tuple(SignatoryRecord(**_values(one, SIGNATORY)) for one in party.signatories.all()),
        actions=tuple(
            PartyActionRecord(**_values(one, ACTION), release=places.get(one.release_id, ""))
            for one in party.actions.all()
        ),
    )


def _values(row: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def write_agreements(records: Iterable[AgreementRecord]) -> list[str]:
    """Add the agreements that are not here yet, without their parts, so that releases can name them; those that
    are here stay as they are. Returns why some could not be added."""
    here = set(Agreement.objects.values_list("slug", flat=True))
    agencies = Agency.objects.in_bulk(field_name="slug")
    reasons = []
    for record in records:
        if record.slug in here:
            continue
        lists = {name: list(getattr(record, name)) for name in LISTS}
        agreement = Agreement(**_values(record, TYPED), **lists, lead_agency=agencies.get(record.lead_agency))
        try:
            agreement.full_clean()
            agreement.save()
        except ValidationError as error:
            reasons.append(f"The agreement {record.slug} did not come in: {' '.join(error.messages)}")
    return reasons


def write_parts(records: Iterable[AgreementRecord], root: Path) -> list[str]:
    """Bring back what belongs to the agreements that have nothing yet, now that the releases are here which tell
    of it; `root` is that of the site. Returns why some could not come in."""
    here = Agreement.objects.in_bulk(field_name="slug")
    bare = [
        (here[record.slug], record)
        for record in records
        if record.slug in here and not any(getattr(here[record.slug], part).exists() for part in PARTS)
    ]
    agencies = Agency.objects.in_bulk(field_name="slug")
    reasons = []
    for agreement, record in bare:
        reader = _PartsReader(agreement, agencies, here, root)
        try:
            with transaction.atomic():
                for row in reader.list_parts(record):
                    row.full_clean()
                    row.save()
        except ValidationError as error:
            reasons.append(
                f"What belongs to the agreement {record.slug} did not come in: {' '.join(error.messages)}"
            )
        reasons.extend(reader.reasons)
    return reasons


class _PartsReader:
    """Reads what belongs to one agreement; `reasons` say what of it has no place here."""

    def __init__(
        self,
        agreement: Agreement,
        agencies: Mapping[str, Agency],
        others: Mapping[str, Agreement],
        root: Path,
    ) -> None:
        self.agreement, self.agencies, self.others, self.root = agreement, agencies, others, root
        self.reasons: list[str] = []

    def list_parts(self, record: AgreementRecord) -> Iterator[Model]:
        """The rows to save, each before the next one is made."""
        for party in record.parties:
            yield from self._list_party(party)
        for signatory in record.signatories:
            yield Signatory(agreement=self.agreement, **dataclasses.asdict(signatory))
        for event in record.events:
            release = self._find_release(event.release)
            yield AgreementEvent(
                agreement=self.agreement, **_values(event, EVENT), place=event.venue, release=release
            )
        for text in record.texts:
            if blob := self._find_bytes(text.sha256):
                yield AgreementText(
                    agreement=self.agreement, kind=text.kind, language=text.language, blob=blob
                )
        yield from self._list_ties(record)

    def _list_ties(self, record: AgreementRecord) -> Iterator[Model]:
        """What ties it to other agreements, and to releases that are about it."""
        for relation in record.relations:
            if other := self.others.get(relation.other):
                yield Relation(agreement=self.agreement, kind=relation.kind, other=other)
            else:
                self._tell(f"No agreement here has the short name {relation.other}.")
        for path in record.mentions:
            if release := self._find_release(path):
                yield Mention(agreement=self.agreement, release=release)

    def _list_party(self, record: PartyRecord) -> Iterator[Model]:
        agency = self.agencies.get(record.agency)
        if record.agency and not agency:
            self._tell(f"No agency here has the short name {record.agency}.")
        if not (agency or record.name or record.country):
            return
        party = Party(
            agreement=self.agreement, **_values(record, PARTY), country=record.country, agency=agency
        )
        yield party
        for signatory in record.signatories:
            yield Signatory(agreement=self.agreement, party=party, **dataclasses.asdict(signatory))
        for action in record.actions:
            release = self._find_release(action.release)
            yield PartyAction(party=party, **_values(action, ACTION), release=release)

    def _find_bytes(self, sha256: str) -> Blob | None:
        place = self.root / locate_bytes(sha256)
        if place.is_file() and place.resolve().is_relative_to(self.root) and digest_file(place) == sha256:
            return store_file(place)
        self._tell("The bytes of a text are not in this copy.")
        return None

    def _find_release(self, path: str) -> Release | None:
        """The release at an address; what only one that did not come in tells of stays hidden."""
        if not path:
            return None
        address = Address.objects.at(path).select_related("release").first()
        release = address.release if address else None
        if release is None:
            self._tell(f"No release here has the address {path}, so what it tells of is not public by it.")
        return release

    def _tell(self, reason: str) -> None:
        self.reasons.append(f"The agreement {self.agreement.slug}: {reason}")
