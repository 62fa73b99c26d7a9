"""Whose an agreement is: the rules by which `permissions.Authority` tells which records somebody sees and
changes.

A record is owned by its lead agency, by the agencies among its parties, and by those that issue the releases
that it is tied to: a release about it, and the evidence of an event of it or of something that a party did.
"""

import datetime as dt
from collections.abc import Collection
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from releases.models import (
    Agreement,
    AgreementEvent,
    Edition,
    Issuer,
    Mention,
    Party,
    PartyAction,
    Release,
)
from releases.services.editions.statements import Statement

_NAMED = Agreement.editions.through.objects
_OWNED, _MERELY_NAMED = 1, 0


class Ties(NamedTuple):
    """The keys of agreements: those that somebody's agencies own, and those that an edition of theirs names.

    What an approved edition names is owned, too.
    """

    owned: frozenset[int]
    named: frozenset[int]


def owners(agreement: Agreement) -> frozenset[int]:
    """The keys of the agencies that own `agreement`; none for a record that is nobody's yet.

    A draft that names it ties nobody, since whoever writes one would make themself an owner.
    """
    told = Q(mentions__agreement=agreement) | Q(events__agreement=agreement)
    releases = Release.objects.filter(told | Q(party_actions__party__agreement=agreement))
    tied = Q(edition__release__in=releases.values("pk"))
    named = Q(edition__agreements=agreement, edition__state=Edition.State.APPROVED)
    issuers = Issuer.objects.filter(tied | named).order_by().values_list("agency", flat=True)
    parties = agreement.parties.filter(agency__isnull=False).order_by().values_list("agency", flat=True)
    return frozenset({*issuers.union(parties), *filter(None, [agreement.lead_agency_id])})


def find_ties(agencies: Collection[int], author: int) -> Ties:
    """What ties somebody of `agencies`, who is the user `author`, to agreements: owners, releases, editions
    of theirs."""
    places = {f"agency_{number}": agency for number, agency in enumerate(sorted(agencies))}
    rows = _ties_statement(len(places)).rows(author=author, **places)
    return Ties(
        frozenset(key for key, kind in rows if kind == _OWNED),
        frozenset(key for key, kind in rows if kind == _MERELY_NAMED),
    )


def ownerless_keys() -> frozenset[int]:
    """The keys of the agreements that are nobody's: no agency has a part in them, and no edition is tied to
    them."""
    return frozenset(key for (key,) in _OWNERLESS.rows())


def public_keys(at: dt.datetime) -> frozenset[int]:
    """The keys of the agreements that readers know of at the instant `at`."""
    return frozenset(key for (key,) in _PUBLIC.rows(at=at))


def is_public_or_scheduled(agreement: Agreement) -> bool:
    """Whether readers know of `agreement`, knew of it or will know of it by what is approved or has its day
    already."""
    return Agreement.objects.public_or_scheduled().filter(pk=agreement.pk).exists()


@lru_cache(maxsize=64)
def _ties_statement(number: int) -> Statement:
    """(agreement, kind) for somebody of that many agencies, whose keys are the values `agency_0`, `agency_1`
    …"""

    def build(author: int, **places: int) -> QuerySet[Any, Any]:
        agencies = list(places.values())

        def is_theirs(prefix: str) -> Q:
            issued = Q(**{f"{prefix}issuers__agency__in": agencies})
            return issued | Q(**{f"{prefix}author": author})

        told = is_theirs("release__editions__")
        named = _NAMED.filter(is_theirs("edition__"))
        owned = [
            _keys(Agreement.objects.filter(lead_agency__in=agencies), "pk"),
            _keys(Party.objects.filter(agency__in=agencies), "agreement"),
            _keys(Mention.objects.filter(told), "agreement"),
            _keys(AgreementEvent.objects.filter(told), "agreement"),
            _keys(PartyAction.objects.filter(told), "party__agreement"),
            _keys(named.filter(edition__state=Edition.State.APPROVED), "agreement"),
        ]
        return _keys(named, "agreement", _MERELY_NAMED).union(*owned)

    return Statement(build)


def _keys(rows: QuerySet[Any], agreement: str, kind: int = _OWNED) -> QuerySet[Any, Any]:
    return rows.order_by().values_list(agreement, Value(kind))


def _ownerless() -> QuerySet[Any, Any]:
    here, written = OuterRef("pk"), Q(release__editions__isnull=False)
    owned = (
        Exists(Party.objects.filter(agreement=here, agency__isnull=False)),
        Exists(Mention.objects.filter(written, agreement=here)),
        Exists(AgreementEvent.objects.filter(written, agreement=here)),
        Exists(PartyAction.objects.filter(written, party__agreement=here)),
        Exists(_NAMED.filter(agreement=here)),
    )
    found = Agreement.objects.filter(*(~one for one in owned), lead_agency__isnull=True)
    return found.order_by().values_list("pk")


_OWNERLESS = Statement(_ownerless)
_PUBLIC = Statement(lambda at: Agreement.objects.public(at).order_by().values_list("pk"))
