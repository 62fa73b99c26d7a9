"""Whether the links of texts to other sites still lead somewhere: of public texts once a day, of others when
somebody asks for it, since whoever runs the other site sees the question.

The worker asks, and a row is the queue: what is due is read off it, so whoever dies loses one question.
"""

import datetime as dt
import hashlib
import logging
import time
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple, Protocol

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from releases.models import Edition, HostTurn, LedgerEntry, LinkReading, OutsideLink
from releases.models.outside_link import LONGEST, OutsideLinkQuerySet
from releases.services.accounts.permissions import Authority
from releases.services.editing.dead_links import find_outside_urls
from releases.services.operations import workers
from releases.services.operations.web_client import WebAnswer, WebClient

EVERY = dt.timedelta(seconds=30)
DAY = dt.timedelta(days=1)
BETWEEN = dt.timedelta(seconds=1)
"""Between two questions to one host."""
MOST_TEXTS = 200
MOST_LINKS = 30
"""That are done before the worker looks again for what somebody waits for."""
MOST_OF_A_TEXT = 500
MOST_SHOWN = 200
NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
log = logging.getLogger(__name__)


class Asker(Protocol):
    """A WebClient, or what stands in for one."""

    def ask(self, url: str) -> WebAnswer: ...


class DeadAddress(NamedTuple):
    """An address that nobody finds any more, and the public texts that lead to it."""

    link: OutsideLink
    editions: list[Edition]


def keep_checking() -> AbstractContextManager[None]:
    """Check links in a thread, until the end; nothing where it is not switched on."""
    if not settings.LINK_CHECKS:
        return nullcontext()
    client = WebClient(take_turn)

    def check() -> None:
        check_some(timezone.now(), client)

    return workers.repeat("links", EVERY, check)


def check_some(at: dt.datetime, client: Asker) -> int:
    """Read the links of some texts that became public, and ask some that are due, first those that somebody waits
    for; returns how many were asked."""
    HostTurn.objects.filter(asked_at__lt=at - DAY).delete()
    for edition in _unread_editions(at)[:MOST_TEXTS]:
        read_links(edition, at)
    waiting = OutsideLink.objects.filter(is_asked_for=True)
    due = _public_links(at).filter(Q(checked_at=None) | Q(checked_at__lt=at - DAY))
    due = due.order_by(F("checked_at").asc(nulls_first=True), "pk")
    asked = 0
    for link in [*waiting[:MOST_LINKS], *due[:MOST_LINKS]]:
        # Whoever changes the row takes it: another worker may have read it too.
        read = {"pk": link.pk, "checked_at": link.checked_at, "is_asked_for": link.is_asked_for}
        claim = {"checked_at": timezone.now(), "is_asked_for": False}
        if OutsideLink.objects.filter(**read).update(**claim):
            asked += 1
            _keep(link, client.ask(link.url), timezone.now())
    return asked


def take_turn(host: str) -> None:
    """Wait until a second has gone since anybody of ours asked the host."""
    HostTurn.objects.get_or_create(host=host[:255], defaults={"asked_at": timezone.now() - BETWEEN})
    turns = HostTurn.objects.filter(host=host[:255])
    while not turns.filter(asked_at__lte=timezone.now() - BETWEEN).update(asked_at=timezone.now()):
        time.sleep(0.1)


def read_links(edition: Edition, at: dt.datetime, *, is_asked_for: bool = False) -> LinkReading:
    """Keep which links the text has now, those that it had before with what came of them."""
    urls = [url for url in find_outside_urls(edition) if len(url) <= LONGEST][:MOST_OF_A_TEXT]
    with transaction.atomic():
        reading, _ = LinkReading.objects.update_or_create(edition=edition, defaults={"read_at": at})
        keys = {_key_of(url): url for url in urls}
        reading.links.exclude(key__in=keys).delete()
        OutsideLink.objects.bulk_create(
            [OutsideLink(reading=reading, key=key, url=url) for key, url in keys.items()],
            ignore_conflicts=True,
        )
        if is_asked_for:
            reading.links.update(is_asked_for=True)
    return reading


def ask_for_check(edition: Edition, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """Have the links of the text checked by the worker, whether the text is public or not. The ledger keeps who
    wanted it: other sites are told by it."""
    with transaction.atomic():
        reading = read_links(edition, at, is_asked_for=True)
        note = {"links": reading.links.count()}
        LedgerEntry.objects.record(LedgerEntry.Verb.LINKS, at=at, actor=actor, edition=edition, note=note)


def list_links(edition: Edition) -> list[OutsideLink]:
    """The links of the text as it is now, each with what came of it for this text."""
    known = {link.key: link for link in OutsideLink.objects.filter(reading=edition.pk)}
    urls = find_outside_urls(edition)
    return [known.get(_key_of(url)) or OutsideLink(url=url, key=_key_of(url)) for url in urls]


def find_failing(edition: Edition) -> list[OutsideLink]:
    """Links of the text, as it is now, that were not there when this text's were checked, or that are dead in a
    public text. Nobody is asked."""
    if not settings.LINK_CHECKS:
        return []
    links = list_links(edition)
    public = _public_links(timezone.now()).dead().filter(key__in=[link.key for link in links])
    dead = {link.key: link for link in public}
    return [found for link in links if (found := link if link.is_failing else dead.get(link.key))]


def list_dead(authority: Authority) -> list[DeadAddress]:
    """Dead links of public texts that the user may correct, the latest deaths first; at most MOST_SHOWN."""
    texts: dict[str, DeadAddress] = {}
    found = _dead_links(authority).select_related("reading__edition__release")
    for link in found.order_by("-failing_since", "-reading__edition__release_date", "pk")[: 5 * MOST_SHOWN]:
        texts.setdefault(link.key, DeadAddress(link, [])).editions.append(link.reading.edition)
    return list(texts.values())[:MOST_SHOWN]


def count_dead(authority: Authority) -> int:
    """How many there are, to MOST_SHOWN."""
    return _dead_links(authority).order_by().values("key").distinct()[:MOST_SHOWN].count()


def _dead_links(authority: Authority) -> OutsideLinkQuerySet:
    own = authority.editable_editions.order_by().values("pk")
    return _public_links(authority.at).dead().filter(reading__edition__in=own)


def _public_links(at: dt.datetime) -> OutsideLinkQuerySet:
    return OutsideLink.objects.filter(reading__edition__in=Edition.objects.live(at).order_by().values("pk"))


def _unread_editions(at: dt.datetime) -> QuerySet[Edition]:
    """Public texts whose links were not read since they can't change any more."""
    unread = Q(link_reading=None) | Q(link_reading__read_at__lt=F("live_from"))
    return Edition.objects.live(at).filter(unread).order_by("pk").only("body", "link_url")


def _keep(link: OutsideLink, answer: WebAnswer, at: dt.datetime) -> None:
    """Keep what came of it: for this text alone if somebody asked for it, else for every public text."""
    link.status, link.trouble, link.checked_at = answer.status, answer.trouble, at
    rows = OutsideLink.objects.filter(pk=link.pk)
    if not link.is_asked_for:
        rows = rows | _public_links(at).filter(key=link.key)
    rows = OutsideLink.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
    rows.update(status=answer.status, trouble=answer.trouble, checked_at=at)
    if not link.is_failing:
        rows.update(failing_since=None)
        return
    failing = Q(failing_since=None)
    if link.status is None:  # where nobody has answered since, it is this server that is away
        answered = OutsideLink.objects.filter(status__isnull=False, checked_at__isnull=False)
        last = answered.order_by("-checked_at").values_list("checked_at", flat=True).first()
        failing |= Q(failing_since__gt=last or NEVER)
    rows.filter(failing).update(failing_since=at)


def _key_of(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()
