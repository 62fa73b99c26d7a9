"""An approver reads what becomes public, and the button that they press names the act and the instant."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from releases.content.markdown import render
from tests.factories import make_agency, make_edition, make_live, make_member, make_next
from tests.markup import tidy

pytestmark = pytest.mark.django_db
ARTICLE = re.compile(r"<article.*</article>", re.DOTALL)


def url(edition, verb="approve"):
    return reverse("admin:releases_edition_do", args=[edition.pk, verb])


def written(thousands):
    body = f"1. One.\n\n2. It is {thousands},000 km long."
    return {"body": body, "body_html": render(body)}


def typed(moment):
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


@pytest.fixture
def approver(client):
    user = make_member(make_agency())
    client.force_login(user)
    return user


@pytest.fixture
def soon():
    return timezone.now().replace(second=0, microsecond=0) + dt.timedelta(days=2)


@pytest.mark.parametrize("verb", ["approve", "clear"])
def test_who_decides_reads_the_very_page_that_readers_get(client, approver, verb):
    others = [make_agency("imda", "Infocomm Media Development Authority", "IMDA")]
    edition = make_edition(
        state="submitted",
        issuers=[make_agency(), *others],
        summary="What lists show.",
        contacts="Press desk, press@example.org",
        annexes=[("/files/a.pdf", b"%PDF-1", "Annex A", "Who can apply")],
    )
    [page] = ARTICLE.findall(
        client.get(reverse("admin:releases_edition_page", args=[edition.pk])).content.decode()
    )
    read = client.get(url(edition, verb)).content.decode()
    assert page in read and "press@example.org" in page and "Annex A" in page
    assert "What lists show." in read and "/news/" in read and "English" in read
    assert read.index(page) < read.index('id="decide"'), "on a phone the act stands below the text"


def test_of_a_correction_what_changes_is_read_first(client, approver):
    live = make_live(at=timezone.now(), title="A cable lands", **written(8))
    edition = make_next(
        live, state="submitted", change_class="correction", change_note="It is longer.", **written(9)
    )
    page = tidy(client.get(url(edition)))
    changes, _, rest = page.partition("<article")
    assert re.search(r"<del>.*8,000.*</del>.*<ins>.*9,000.*</ins>", changes)
    assert "Correction" in changes and "“It is longer.”" in changes
    assert "Title, From, Date, Address, Language, Kind, 1 paragraph of the text" in changes
    assert "A cable lands" in rest and "Previous" not in rest and "Languages" not in rest, (
        "it is no other release"
    )


def test_no_time_never_means_now(client, approver):
    edition = make_edition(state="submitted")
    client.post(url(edition))
    for values in ({"live_from": ""}, {"live_from": "", "act": "schedule"}):
        assert "Choose a day and a time." in client.post(url(edition), values).content.decode()
        edition.refresh_from_db()
        assert edition.state == "submitted"
    client.post(url(edition), {"act": "now"})
    edition.refresh_from_db()
    assert edition.state == "approved" and edition.live_from <= timezone.now()


def test_to_publish_before_the_time_that_was_asked_for_is_confirmed_apart(client, approver, soon):
    edition = make_edition(state="submitted", wanted_from=soon)
    page = tidy(client.get(url(edition)))
    assert "The author asked for" in page and "Yes, publish before that time" in page
    client.post(url(edition), {"act": "now"})
    edition.refresh_from_db()
    assert edition.state == "submitted"
    client.post(url(edition), {"act": "now", "confirms": "on"})
    edition.refresh_from_db()
    assert edition.state == "approved"


def test_without_a_script_another_time_is_named_before_it_counts(client, approver, soon):
    edition = make_edition(state="submitted", wanted_from=soon)
    later = soon + dt.timedelta(hours=1)
    asked = client.get(url(edition)).context["form"]
    values = {"act": "schedule", "live_from": typed(later), "named": asked.button_value()}
    form = client.post(url(edition), values).context["form"]
    edition.refresh_from_db()
    assert edition.state == "submitted" and form.button_value() == typed(later)
    assert f"{timezone.localtime(later):%H:%M}" in form.button_time()
    client.post(url(edition), values | {"named": form.button_value()})
    edition.refresh_from_db()
    assert edition.live_from == later


def test_each_of_several_is_read_and_one_act_publishes_all(client, approver, soon):
    editions = [make_edition(state="submitted", title=title, wanted_from=soon) for title in ("One", "Two")]
    chosen = ",".join(str(edition.pk) for edition in editions)
    place = f"{reverse('admin:releases_edition_together')}?editions={chosen}"
    page = client.get(place)
    read = page.content.decode()
    assert read.count("<article") == 2
    assert read.count("Approve for") == 1 and page.context["form"].button_value() == typed(soon)
    seen = {f"seen-{part.edition.pk}": part.seen for part in page.context["editions"]}
    client.post(place, {"act": "schedule", "live_from": typed(soon), "named": typed(soon), **seen})
    for edition in editions:
        edition.refresh_from_db()
        assert edition.live_from == soon


def test_another_day_than_the_page_says_takes_a_tick(client, approver, soon):
    edition = make_edition(
        state="submitted",
        release_date_is_set=True,
        release_date=timezone.localdate(soon) - dt.timedelta(days=9),
        wanted_from=soon - dt.timedelta(days=1),
    )
    asked = {"act": "schedule", "live_from": typed(soon)}
    page = client.post(url(edition), asked).content.decode()
    edition.refresh_from_db()
    assert edition.state == "submitted" and "The page says another day." in page
    client.post(url(edition), {**asked, "date_is_right": "on"})
    edition.refresh_from_db()
    assert (edition.state, edition.live_from) == ("approved", soon)


def test_only_an_agency_without_an_approver_is_asked_how_it_agreed(client, approver):
    imda = make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    edition = make_edition(state="submitted", issuers=[make_agency(), imda])
    assert "Who agreed, and how" in client.get(url(edition, "clear")).content.decode()
    client.force_login(make_member(imda))
    assert "Who agreed, and how" not in client.get(url(edition, "clear")).content.decode()
    done = client.post(url(edition, "clear"), {"note": ""}, follow=True)
    assert "Cleared for IMDA." in done.content.decode()
