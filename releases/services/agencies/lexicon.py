"""The agencies by every name that a text may call them."""

from collections.abc import Iterator

from releases.content.extraction.bylines import Lexicon
from releases.models import Agency


def load_lexicon() -> tuple[dict[str, Agency], Lexicon]:
    """Every agency by its slug, and their names of all times, acronyms and other spellings."""
    agencies = {agency.slug: agency for agency in Agency.objects.prefetch_related("names")}
    return agencies, Lexicon.build((slug, _spellings(agency)) for slug, agency in agencies.items())


def _spellings(agency: Agency) -> Iterator[str]:
    for name in agency.names.all():
        yield name.name
        if name.acronym:
            yield name.acronym
    yield from (agency.acronym, *agency.aliases) if agency.acronym else agency.aliases
