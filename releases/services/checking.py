"""What a release says of agreements against the register, before it is published."""

import datetime as dt
from dataclasses import dataclass

from releases.content.mentioning import Sentence, events_in, sentences
from releases.models import Agreement, AgreementEvent, Edition
from releases.services.suggesting import known_patterns


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence for the editor, and the number of the paragraph that it speaks of (0: none is typed)."""

    words: str
    paragraph: int


def findings(edition: Edition) -> list[Finding]:
    """Dates that differ from the record's, and signatories of the record whom a sentence on a signing does not name."""
    lines = [Sentence(edition.title, 0), *sentences(edition.body)]
    agreements = Agreement.objects.prefetch_related("events", "signatories")
    found = []
    for agreement, pattern in known_patterns(agreements):
        for line in lines:
            if pattern.search(line.text):
                found += _dates(agreement, line, edition) + _signatories(agreement, line)
    return list(dict.fromkeys(found))


def _dates(agreement: Agreement, line: Sentence, edition: Edition) -> list[Finding]:
    found = []
    for kind, day in events_in(line.text, edition.release_date):
        recorded = [event.date for event in agreement.events.all() if event.kind == kind]
        if recorded and day not in recorded:
            what = AgreementEvent.Kind(kind).label.lower()
            found.append(
                Finding(
                    f"{agreement}, {what}: the text says {_day(day)}, the record says {' and '.join(map(_day, recorded))}.",
                    line.paragraph,
                )
            )
    return found


def _signatories(agreement: Agreement, line: Sentence) -> list[Finding]:
    """Only where the sentence says by whom: "signed by …"."""
    people = [signatory.person for signatory in agreement.signatories.all()]
    if not people or "signed by" not in line.text or any(_is_named(person, line.text) for person in people):
        return []
    return [
        Finding(
            f"{agreement}: the record names {' and '.join(people)} as signatories, the text others.",
            line.paragraph,
        )
    ]


def _is_named(person: str, text: str) -> bool:
    parts = [part for part in person.split() if len(part) > 2 and not part.endswith(".")]
    return any(part in text for part in parts if part not in ("Mrs", "Prof"))


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
