"""Whose site it is, and whether it is one of Singapore's."""

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from releases.content.extraction.bylines import Lexicon
from releases.models import Agency
from releases.services.jekyll.site import Site, read_site_settings

ZONE = "Asia/Singapore"


class UnknownOwner(ValueError):
    """The agency that was named as the owner is not known here; the message says what to do."""


def find_owner(site: Site, agencies: Mapping[str, Agency], lexicon: Lexicon, named: str = "") -> str:
    """The slug of the agency that owns a site: the one `named`, else SITE_AGENCY (a slug or an acronym), else
    who is named by `_config.yml`; "" when unknown.

    Raises UnknownOwner when none is called as `named`.
    """
    if called := named or settings.SITE_AGENCY:
        found = next((slug for slug, agency in agencies.items() if called in (slug, agency.acronym)), "")
        if named and not found:
            raise UnknownOwner(
                f"There is no agency “{named}”. Add it at the desk, then run the import again."
            )
        return found
    by_host = next(
        (
            slug
            for slug, agency in agencies.items()
            if site.settings.host and site.settings.host in agency.hosts
        ),
        "",
    )
    return lexicon.owner_of(site.settings.title) or by_host


def is_singapores(source: Path) -> bool:
    """Whether the settings of the site at `source` say that it is Singapore's (host, title, zone, Isomer),
    or, where they name no host and no zone, whether the newsroom has Singapore's time. Raises NotASite."""
    config, said = read_site_settings(source)
    zone = str(config.get("timezone") or ("" if said.host else settings.TIME_ZONE))
    is_named = said.host.endswith(".sg") or "singapore" in said.title.lower()
    is_isomers = any("isomer" in str(value).lower() for value in config.values())
    return is_named or zone == ZONE or is_isomers
