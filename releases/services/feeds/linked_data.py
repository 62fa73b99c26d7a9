"""Pages of the site in schema.org's words: the site, a list of releases, an agency."""

from collections.abc import Callable, Sequence

from releases.content.text.permalinks import quote_path
from releases.models import Agency, Edition
from releases.services.agencies.statistics import AgencyFacts

Plain = dict[str, object]
Absolute = Callable[[str], str]
OTHER_BODIES = frozenset(
    (Agency.Kind.COMPANY, Agency.Kind.UNIVERSITY, Agency.Kind.ASSOCIATION, Agency.Kind.OTHER)
)
"""Kinds of agencies that are no part of a government."""


def site_linked_data(name: str, line: str, picture: str, absolute: Absolute) -> Plain:
    """WebSite; `line` says in a sentence what it is, `picture` is the path of one that stands for it; "" where
    there is none."""
    described = {"description": line} if line else {}
    if picture:
        described["image"] = absolute(picture)
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": name,
        "url": absolute("/"),
        **described,
    }


def list_linked_data(name: str, path: str, editions: Sequence[Edition], absolute: Absolute) -> Plain:
    """CollectionPage of the releases of a page of a list, in their order; `path` is its address, encoded."""
    items = [
        {
            "@type": "ListItem",
            "position": place,
            "name": edition.title,
            "url": absolute(quote_path(edition.address.path)),
        }
        for place, edition in enumerate(editions, 1)
    ]
    listed = {"mainEntity": {"@type": "ItemList", "itemListElement": items}} if items else {}
    return {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "name": name,
        "url": absolute(path),
        **listed,
    }


def agency_linked_data(facts: AgencyFacts, absolute: Absolute) -> Plain:
    """Who issues releases, under the name of today, with the names that it had."""
    names = dict.fromkeys([facts.acronym, *(former.name for former in facts.former)])
    others = [name for name in names if name and name != facts.name]
    return {
        "@context": "https://schema.org",
        "@type": "Organization" if facts.agency.kind in OTHER_BODIES else "GovernmentOrganization",
        "name": facts.name,
        "url": absolute(f"/agencies/{facts.agency.slug}/"),
        **({"alternateName": others} if others else {}),
    }
