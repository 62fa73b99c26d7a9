"""What a text may link to on this site: releases, annexes, agreements and agencies that who writes may see."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Q
from django.urls import reverse

from releases.content.text.permalinks import quote_path
from releases.models import Agency, Annex
from releases.services.accounts.permissions import Authority

MOST = 6
"""Of each kind."""


class LinkTarget(NamedTuple):
    kind: str
    title: str
    address: str


def find_link_targets(words: str, authority: Authority, edition: int | None = None) -> list[LinkTarget]:
    """Those whose title or name has the words; the annexes of `edition` come first, all of them where there are no
    words."""
    words = words.strip()
    found = [*_find_annexes(words, authority, edition)]
    if words:
        found += _find_pages(words, authority)
    return list(dict.fromkeys(found))


def _find_annexes(words: str, authority: Authority, edition: int | None) -> Iterator[LinkTarget]:
    seen = Annex.objects.filter(edition__in=authority.editions.values("pk")).select_related("address")
    named = seen.filter(Q(title__icontains=words) | Q(label__icontains=words)) if words else seen
    own = named.filter(edition=edition).order_by("position")
    others = named.exclude(edition=edition).order_by("-pk")[:MOST] if words else []
    for annex in [*own, *others]:
        yield LinkTarget("Annex", str(annex), quote_path(annex.address.path))


def _find_pages(words: str, authority: Authority) -> Iterator[LinkTarget]:
    """Releases, agreements and agencies."""
    releases = authority.editions.filter(title__icontains=words).select_related("address")
    for edition in releases.order_by("-release_date", "-pk")[:MOST]:
        yield LinkTarget("Release", edition.title, quote_path(edition.address.path))
    for agreement in authority.agreements.filter(title__icontains=words).order_by("title")[:MOST]:
        yield LinkTarget("Agreement", agreement.title, reverse("agreement", args=[agreement.slug]))
    agencies = Agency.objects.filter(Q(names__name__icontains=words) | Q(acronym__iexact=words))
    for agency in agencies.distinct().order_by("slug").prefetch_related("names")[:MOST]:
        name = next((one.name for one in agency.names.all()), str(agency))
        yield LinkTarget("Agency", name, reverse("agency", args=[agency.slug]))
