"""Guessing of passwords: after a few wrong ones a name has to wait, and so has a network address that tries
many names.

Counted in the database, so that all processes count together. Rows of digests: no name and no address is
kept.
"""

import datetime as dt
import hashlib
import ipaddress

from django.db import transaction
from django.db.models import F

from releases.models import SignInCount

WAIT = dt.timedelta(minutes=15)
MOST_FOR_A_NAME, MOST_FROM_AN_ADDRESS = 5, 50


def is_allowed(name: str, address: str, at: dt.datetime) -> bool:
    """Count an attempt to sign in as `name` from a network address, before its password is looked at.

    Counts from the first attempt on, for as long as one has to wait; whoever has to wait writes nothing.
    """
    limits = _limits(name, address)
    counting = SignInCount.objects.filter(since__gt=at - WAIT, key__in=limits)
    if any(count.number >= limits[count.key] for count in counting):
        return False
    with transaction.atomic():
        SignInCount.objects.filter(since__lte=at - WAIT).delete()
        counted = {key: _counted(key, at) for key in sorted(limits)}
    return all(counted[key] <= limits[key] for key in counted)


def reset(name: str, address: str) -> None:
    """The attempt succeeded: only failures count."""
    for_name, from_address = _limits(name, address)
    SignInCount.objects.filter(key=for_name).delete()
    SignInCount.objects.filter(key=from_address, number__gt=0).update(number=F("number") - 1)


def _counted(key: str, at: dt.datetime) -> int:
    """One more. The row is locked until the transaction ends, so that two at once count as two."""
    SignInCount.objects.bulk_create([SignInCount(key=key, since=at)], ignore_conflicts=True)
    SignInCount.objects.filter(key=key).update(number=F("number") + 1)
    return SignInCount.objects.values_list("number", flat=True).get(key=key)


def _limits(name: str, address: str) -> dict[str, int]:
    """How many attempts each key of the two may have: the name from this address, then any name from it."""
    address = _network_of(address)
    both = f"{name.casefold()}\n{address}"
    texts = {both: MOST_FOR_A_NAME, address: MOST_FROM_AN_ADDRESS}
    return {hashlib.sha256(text.encode()).hexdigest(): most for text, most in texts.items()}


def _network_of(address: str) -> str:
    """The address itself; of IPv6 the /64, since whoever has one address of it has all."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
