"""The releases that the API tells of, by statements that are compiled once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from releases.content.text.permalinks import digest_path
from releases.models import Edition, Issuer
from releases.models.edition import NEWEST_FIRST
from releases.services.editions.pagination import (
    PAGE_LENGTH,
    Cursor,
    Listing,
    format_cursor,
    keyset_q,
    read_cursor,
)
from releases.services.editions.statements import Statement, Value
from releases.services.feeds.serializers import with_json_columns

FILTERS = {
    "permalink": "address__path_digest",
    "section": "release__section__address__path_digest",
    "agency": "pk__in",
    "kind": "kind",
    "from": "release_date__gte",
    "to": "release_date__lte",
}


def list_releases(
    at: dt.datetime,
    asked: Mapping[str, str | Sequence[str] | dt.date | None],
    before: str,
    length: int = PAGE_LENGTH,
    *,
    with_body: bool = True,
) -> Listing:
    """A page, newest first, of what has the values by FILTERS that are given, for `serialize_release`: the paths
    of a release and of its section, the slugs of agencies of which any issued it, a kind, days. Raises BadCursor.

    Only who asks for a permalink is told of a release that is withdrawn.
    """
    values = {name: _prepare(name, value) for name, value in asked.items() if value}
    place = read_cursor(before)._asdict() if before else {}
    statement = _list_statement(tuple(values), bool(before), length, with_body)
    found = statement.instances(at=at, **values, **place)
    shown = found[:length]
    return Listing(shown, format_cursor(shown[-1]) if len(found) > length else "")


def _prepare(name: str, value: str | Sequence[str] | dt.date) -> Value:
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str):
        return tuple(dict.fromkeys(one.replace("\x00", "") for one in value))
    return digest_path(value) if name in ("permalink", "section") else value.replace("\x00", "")


def find_release(at: dt.datetime, edition: int) -> Edition:
    """The edition with this key, for `serialize_release`. Raises Edition.DoesNotExist where it is not live."""
    found: list[Edition] = RELEASE.instances(edition=edition, at=at)
    if not found:
        raise Edition.DoesNotExist
    return found[0]


@lru_cache(maxsize=256)
def _list_statement(names: tuple[str, ...], is_later: bool, length: int, with_body: bool) -> Statement:
    def build(at: dt.datetime, **values: Any) -> QuerySet[Edition]:
        editions = Edition.objects.live(at) if "permalink" in names else Edition.objects.listed(at)
        if "agency" in names:  # by its key, so that who was issued by two of them comes once
            issued = Issuer.objects.filter(agency__slug__in=values["agency"])
            values["agency"] = issued.values("edition")
        editions = editions.filter(**{FILTERS[name]: values[name] for name in names})
        if is_later:
            editions = editions.filter(keyset_q(*(values[name] for name in Cursor._fields)))
        told = with_json_columns(editions, at).order_by(*NEWEST_FIRST)
        return (told if with_body else told.defer("body", "body_html"))[: length + 1]

    return Statement(build)


RELEASE = Statement(lambda edition, at: with_json_columns(Edition.objects.live(at).filter(pk=edition), at))
