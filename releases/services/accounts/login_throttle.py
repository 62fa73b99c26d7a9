"""Guessing of passwords and codes: after a few wrong ones a name has to wait, and so has a network address
that tries many names. Whoever guesses slowly from many addresses finds the ceiling of the name itself.

Counted in the database, so that all processes count together. Rows of digests: no name and no address is
kept.
"""

import datetime as dt
import hashlib
import ipaddress
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from releases.models import SignInCount

WAIT = dt.timedelta(minutes=15)
MOST_FOR_A_NAME, MOST_FROM_AN_ADDRESS = 5, 50
SLOW_WAIT, MOST_SLOWLY = dt.timedelta(hours=24), 100
KNOWN_FOR = dt.timedelta(days=90)


class _Limit(NamedTuple):
    most: int
    wait: dt.timedelta


def is_allowed(name: str, address: str, at: dt.datetime) -> bool:
    """Count an attempt to sign in as `name` from a network address, before its password is looked at.

    Counts from the first attempt on, for as long as one has to wait; whoever has to wait writes nothing.
    """
    limits = _limits(name, address, at)
    counting = SignInCount.objects.filter(until__gt=at, key__in=limits)
    if any(count.number >= limits[count.key].most for count in counting):
        return False
    with transaction.atomic():
        SignInCount.objects.filter(until__lte=at).delete()
        counted = {key: _counted(key, at + limits[key].wait) for key in sorted(limits)}
    return all(counted[key] <= limits[key].most for key in counted)


def reset(name: str, address: str, at: dt.datetime) -> None:
    """The attempt succeeded: only failures count, and the address is known to be that of the name."""
    here, network = _here(name, address), _digest(_network_of(address))
    SignInCount.objects.filter(key=here).delete()
    SignInCount.objects.filter(key__in=[network, _digest(name.casefold())], number__gt=0).update(
        number=F("number") - 1
    )
    known = {"number": 1, "until": at + KNOWN_FOR}
    SignInCount.objects.update_or_create(key=_digest("known", here), defaults=known)


def is_first_use(code: str, at: dt.datetime) -> bool:
    """Whether nobody used this code, which says whose it is, since its time began; it is used from now on."""
    with transaction.atomic():
        return _counted(_digest("used", code), at + WAIT) == 1


def _counted(key: str, until: dt.datetime) -> int:
    """One more. The row is locked until the transaction ends, so that two at once count as two."""
    SignInCount.objects.bulk_create([SignInCount(key=key, until=until)], ignore_conflicts=True)
    SignInCount.objects.filter(key=key).update(number=F("number") + 1)
    return SignInCount.objects.values_list("number", flat=True).get(key=key)


def _limits(name: str, address: str, at: dt.datetime) -> dict[str, _Limit]:
    """How many attempts each key may have: the name from this address, any name from it, and the name from
    anywhere but where it signed in lately, so that nobody is kept out of their own office by a stranger."""
    here = _here(name, address)
    limits = {
        here: _Limit(MOST_FOR_A_NAME, WAIT),
        _digest(_network_of(address)): _Limit(MOST_FROM_AN_ADDRESS, WAIT),
    }
    if not SignInCount.objects.filter(key=_digest("known", here), until__gt=at).exists():
        limits[_digest(name.casefold())] = _Limit(MOST_SLOWLY, SLOW_WAIT)
    return limits


def _here(name: str, address: str) -> str:
    return _digest(name.casefold(), _network_of(address))


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def _network_of(address: str) -> str:
    """The address itself; of IPv6 the /64, since whoever has one address of it has all."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
