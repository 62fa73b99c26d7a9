"""The agencies by every name that a text may call them."""

from collections.abc import Iterator
from typing import NamedTuple

from releases.content.extraction.bylines import Lexicon
from releases.models import Agency


class KnownAgencies(NamedTuple):
    """Every agency, and what finds in a text the names of all times, acronyms and other spellings that they
    have."""

    by_slug: dict[str, Agency]
    lexicon: Lexicon


def load_lexicon() -> KnownAgencies:
    """All agencies and their names, in two queries; the keys of the lexicon are slugs."""
    agencies = {agency.slug: agency for agency in Agency.objects.prefetch_related("names")}
    lexicon = Lexicon.build((slug, _spellings(agency)) for slug, agency in agencies.items())
    return KnownAgencies(agencies, lexicon)


def _spellings(agency: Agency) -> Iterator[str]:
    for name in agency.names.all():
        yield name.name
        if name.acronym:
            yield name.acronym
    yield from (agency.acronym, *agency.aliases) if agency.acronym else agency.aliases
