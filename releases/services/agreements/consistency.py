"""What a release says of agreements against the register, before it is published."""

import re
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects
from django_countries import countries

from releases.content.extraction.agreement_events import find_events
from releases.content.extraction.sentences import Sentence, find_parties, find_states, split_sentences
from releases.content.text.dates import format_date
from releases.models import Agreement, AgreementEvent, Edition, Party, Signatory
from releases.services.accounts.permissions import Authority
from releases.services.agreements.register import public_signatories
from releases.services.agreements.suggestions import compile_patterns, state_codes

PARTS = ["events", "signatories", "parties"]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A sentence for the editor, and the number of the paragraph that it speaks of (0: none is typed)."""

    words: str
    paragraph: int


def find_contradictions(edition: Edition, authority: Authority | None = None) -> list[Contradiction]:
    """Dates that differ from the record's, and signatories of the record whom a sentence on a signing does
    not name.

    Told is what `authority` may know of; without one: everything.
    """
    lines = [Sentence(edition.title, 0), *split_sentences(edition.body)]
    places = [
        (agreement, line, place)
        for agreement, pattern in compile_patterns(_visible(authority))
        for line in lines
        if (place := pattern.search(line.text))
    ]
    named = [agreement for agreement, _, _ in places]
    prefetch_related_objects(named, *_parts(named, authority))
    found = []
    for agreement, line, place in places:
        found += _dates(agreement, line, place.span(), edition) + _signatories(agreement, line)
        found += _countries(agreement, line, place.string[place.end() :])
    return list(dict.fromkeys(found))


def _visible(authority: Authority | None) -> list[Agreement]:
    """By title, those of which somebody may know all first."""
    if authority is None or authority.has_all:
        return list(Agreement.objects.all())
    owned = authority.owned_agreement_keys
    return sorted(authority.agreements, key=lambda agreement: agreement.pk not in owned)


def _parts(agreements: list[Agreement], authority: Authority | None) -> list[str] | list[Prefetch]:
    """As much of each record as somebody may know: all, or what readers do."""
    if authority is None or authority.has_all:
        return PARTS
    at, owned = authority.at, authority.owned_agreement_keys
    if all(agreement.pk in owned for agreement in agreements):
        return PARTS
    events, signatories, parties = AgreementEvent.objects, Signatory.objects, Party.objects
    return [
        Prefetch("events", events.filter(agreement__in=owned) | events.public(at)),
        Prefetch("signatories", signatories.filter(agreement__in=owned) | public_signatories(at)),
        Prefetch("parties", parties.filter(agreement__in=owned) | parties.public(at)),
    ]


def _dates(
    agreement: Agreement, line: Sentence, place: tuple[int, int], edition: Edition
) -> list[Contradiction]:
    found = []
    for kind, day in find_events(line.text, edition.release_date, place):
        recorded = [event.date for event in agreement.events.all() if event.kind == kind]
        if recorded and day not in recorded:
            what = AgreementEvent.Kind(kind).label.lower()
            found.append(
                Contradiction(
                    f"{agreement}, {what}: the text says {format_date(day)}, the record says {' and '.join(map(format_date, recorded))}.",
                    line.paragraph,
                )
            )
    return found


def _signatories(agreement: Agreement, line: Sentence) -> list[Contradiction]:
    """Only where the sentence says by whom: "signed by …"."""
    people = [signatory.person for signatory in agreement.signatories.all()]
    if not people or "signed by" not in line.text or any(_is_named(person, line.text) for person in people):
        return []
    return [
        Contradiction(
            f"{agreement}: the record names {' and '.join(people)} as signatories, the text others.",
            line.paragraph,
        )
    ]


def _countries(agreement: Agreement, line: Sentence, rest: str) -> list[Contradiction]:
    """Only where "between …" follows the name (and its acronym) at once: who is named there against the
    parties of the record."""
    named = find_parties(rest) if re.match(r"\s*(?:\([^)]*\)\s*)?between\b", rest) else ""
    recorded = {str(party.country): str(party) for party in agreement.parties.all() if party.country}
    others = [code for code in find_states(named, state_codes()) if code not in recorded] if recorded else []
    if not others:
        return []
    names = " and ".join(countries.name(code) for code in others)
    words = f"{agreement}: the text names {names} as a party, the record {' and '.join(recorded.values())}."
    return [Contradiction(words, line.paragraph)]


def _is_named(person: str, text: str) -> bool:
    parts = [part for part in person.split() if len(part) > 2 and not part.endswith(".")]
    return any(part in text for part in parts if part not in ("Mrs", "Prof"))
