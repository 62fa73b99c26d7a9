"""Links to other sites: which are asked, when, and what the desk tells of them. Nobody outside is asked here."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from releases.models import HostTurn, LedgerEntry, LinkReading, OutsideLink
from releases.services.editing import checks, outside_links
from releases.services.editing.dead_links import find_outside_urls
from releases.services.operations.web_client import WebAnswer
from releases.services.publishing import approval, erasure
from tests.factories import (
    NOON,
    make_agency,
    make_edition,
    make_live,
    make_member,
    make_next,
    make_scheduled,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
Trouble = OutsideLink.Trouble
GONE = WebAnswer(404)


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.LINK_CHECKS = True


class Web:
    """What stands at each address; at every other one a page."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    def ask(self, url):
        self.asked.append(url)
        return self.answers.get(url.rsplit("/", 1)[-1], WebAnswer(200))


def check(web, at):
    """As the worker does, until nothing is left to do at the instant `at`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: at)
        while outside_links.check_some(at, web):
            pass


def link(*names):
    return " ".join(f"[{name}](https://out.example/{name})" for name in names)


def test_the_links_of_a_text_are_those_to_other_sites():
    body = (
        "[a](https://out.example/a#part) ![b](http://out.example/b.png) [c](//out.example/c) [a](https://out.example/a)"
        ' <a href="HTTPS://out.example/d?x=1&amp;y=2">d</a> [own](http://localhost:8000/news/) [e](/news/) [f](mailto:a@out.example)'
        " [g](#p1) [h](ftp://out.example/h) [i](//[x)"
    )
    assert find_outside_urls(make_edition(body=body, link_url="https://out.example/whole")) == [
        "https://out.example/whole",
        "https://out.example/a",
        "https://out.example/c",
        "https://out.example/d?x=1&y=2",
        "https://[x",
        "http://out.example/b.png",
    ]


def test_public_texts_are_checked_once_a_day_and_each_address_once():
    make_live(body=link("a", "b"))
    make_live(body=link("b"), permalink="/news/press-releases/b/")
    web = Web()
    for at in (NOON, NOON + DAY / 2, NOON + DAY + dt.timedelta(minutes=1)):
        check(web, at)
    assert [url[-1] for url in web.asked] == ["a", "b", "a", "b"]


def test_no_address_of_a_text_is_asked_before_it_is_public_nor_after_it_was_replaced():
    web = Web()
    make_edition(body=link("draft"), permalink="/news/press-releases/draft/")
    first = make_live(body=link("old"))
    make_scheduled(body=link("scheduled"), live_from=NOON + DAY)
    check(web, NOON - DAY)
    assert web.asked == []
    check(web, NOON)
    assert web.asked == ["https://out.example/old"]
    approval.approve(make_next(first, body=link("new")), approver=make_user(), at=NOON + DAY / 2)
    check(web, NOON + 2 * DAY)
    assert sorted(web.asked[1:]) == ["https://out.example/new", "https://out.example/scheduled"]


def test_a_draft_is_asked_about_when_an_editor_asks_and_the_ledger_tells_who(client):
    agency = make_agency()
    edition = make_edition(body=link("secret"), issuers=[agency])
    writer = make_member(agency, role="writer")
    client.force_login(writer)
    page = reverse("admin:releases_edition_outside_links", args=[edition.pk])
    assert "can see that somebody asked for these addresses" in client.get(page).content.decode()
    web = Web(secret=GONE)
    check(web, NOON)
    assert web.asked == []
    client.post(page)
    check(web, NOON)
    assert web.asked == ["https://out.example/secret"]
    check(web, NOON + 3 * DAY)
    assert len(web.asked) == 1
    assert "Not there" in client.get(page).content.decode()
    entry = LedgerEntry.objects.get(verb=LedgerEntry.Verb.LINKS)
    assert (entry.actor, entry.edition, entry.note) == (writer, edition.pk, {"links": 1})
    told = [one.words for one in checks.checks(edition)]
    assert "The link to https://out.example/secret leads to no page: the page is not there (404)." in told
    assert not any("out.example" in one.words for one in checks.blocking(edition))


def test_who_may_not_write_in_a_text_has_nothing_asked(client, settings):
    edition = make_edition(body=link("secret"))
    page = reverse("admin:releases_edition_outside_links", args=[edition.pk])
    client.force_login(make_member(make_agency("pub", "Water", "PUB"), role="approver"))
    assert client.post(page).status_code in (403, 404)
    settings.LINK_CHECKS = False
    client.force_login(make_user("root", is_staff=True, is_superuser=True))
    assert "are not checked here" in client.post(page, follow=True).content.decode()
    assert not OutsideLink.objects.exists()


def test_a_link_is_dead_after_two_days_and_lives_again_when_it_answers(client):
    agency = make_agency()
    edition = make_live(body=link("a", "b"), issuers=[agency])
    root = make_user("root", is_staff=True, is_superuser=True)
    client.force_login(root)
    listed = reverse("admin:releases_edition_dead_list")

    def dead():
        return "https://out.example/a" in client.get(listed).content.decode()

    late = timezone.now()
    check(Web(a=GONE), late - 3 * DAY)
    assert not dead()
    check(Web(a=WebAnswer(503)), late - 2 * DAY + dt.timedelta(minutes=1))
    assert dead()
    assert "1 link of public releases" in client.get("/admin/").content.decode()
    draft = make_next(edition, body=link("a"))
    assert [one.url for one in outside_links.find_failing(draft)] == ["https://out.example/a"]
    check(Web(a=WebAnswer(403)), late - DAY + dt.timedelta(minutes=2))
    assert not dead()
    assert outside_links.find_failing(draft) == []


def test_a_server_that_reaches_nobody_calls_no_link_dead():
    make_live(body=link("a", "b"))
    silent = WebAnswer(None, Trouble.SILENT)
    for days in range(4):
        check(Web(a=silent, b=silent), NOON + days * (DAY + dt.timedelta(minutes=1)))
    assert not OutsideLink.objects.dead().exists()
    for days in range(4, 7):
        check(Web(a=silent), NOON + days * (DAY + dt.timedelta(minutes=1)))
    assert [one.url[-1] for one in OutsideLink.objects.dead()] == ["a"]


def test_nothing_of_an_erased_release_is_kept():
    edition = make_live(body=link("a"))
    check(Web(), NOON)
    erasure.erase_release(edition.release, actor=make_user("chief"), reason="A court says so.", at=NOON)
    assert not OutsideLink.objects.exists() and not LinkReading.objects.exists()


def test_work_that_ended_goes_on_where_it_was(monkeypatch):
    make_live(body=link(*"abcdef"))
    monkeypatch.setattr(outside_links, "MOST_LINKS", 2)
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    web = Web()
    assert outside_links.check_some(NOON, web) == 2
    assert outside_links.check_some(NOON, web) == 2
    assert [url[-1] for url in web.asked] == ["a", "b", "c", "d"]


def test_a_link_that_another_worker_took_is_not_asked_again(monkeypatch):
    make_live(body=link("a"))

    class Slow(Web):
        def ask(self, url):
            if not self.asked:
                self.asked.append(url)
                assert outside_links.check_some(NOON, self) == 0
            return WebAnswer(200)

    monkeypatch.setattr(timezone, "now", lambda: NOON)
    assert outside_links.check_some(NOON, Slow()) == 1


def test_a_host_is_asked_once_a_second_by_all_together():
    began = timezone.now()
    for host in ("a.example", "b.example", "a.example"):
        outside_links.take_turn(host)
    assert timezone.now() - began >= dt.timedelta(seconds=1)
    assert set(HostTurn.objects.values_list("pk", flat=True)) == {"a.example", "b.example"}


def test_off_is_off(settings):
    settings.LINK_CHECKS = False
    make_live(body=link("a"))
    with outside_links.keep_checking():
        assert not LinkReading.objects.exists()
