"""An agreement that nobody knows of becomes public with a release, is acceded to, and gives way to
another."""

import pytest

from releases.models import Agreement, AgreementText, Blob, Party
from tests.factories import make_agency, make_section
from tests.stories.newsroom import HOUR, release_at

PERMALINK, LATER = "/news/press-releases/signed/", "/news/press-releases/superseded/"
PACT, HEIR = "/agreements/sea-pact/", "/agreements/ocean-pact/"
TEXT = b"%PDF-1.4 the text of the pact"


@pytest.fixture
def desk(newsroom):
    make_section()
    return newsroom.writer(make_agency())


@pytest.fixture
def chief(newsroom):
    return newsroom.approver(make_agency())


def row(prefix, number, **values):
    return {f"{prefix}-TOTAL_FORMS": number + 1} | {
        f"{prefix}-{number}-{name}": value for name, value in values.items()
    }


def prepare(newsroom, desk, slug, title):
    """A record that the desk keeps for itself: two states, no event."""
    typed = {"slug": slug, "title": title, "lead_agency": make_agency().pk, "instrument_type": "treaty"}
    desk.change("agreement", **typed, **row("parties", 0, kind="state", country="SG", position=1))
    return Agreement.objects.get(slug=slug)


def announce(newsroom, desk, pact, permalink, **event):
    """A draft that names the agreement, with its text, and the event that it will tell of."""
    draft = desk.write(f"{pact} is signed", "1. Signed.", permalink=permalink, agreements=[pact.pk])
    desk.change("agreement", pact, **row("events", pact.events.count(), release=draft.release_id, **event))
    return draft


def known(newsroom, path, title):
    """Where a reader meets the agreement."""
    slug = path.split("/")[2]
    places = {
        "dossier": path,
        "data": f"{path}data.json",
        "calendar": f"{path}calendar.ics",
        "register": "/agreements/",
        "table": "/agreements/register.csv",
        "map": "/sitemap-pages.xml",
        "api": "/api/releases",
        "list": "/releases/",
        "agency": "/agencies/mti/",
        "home": "/",
    }
    answers = {name: newsroom.get(place) for name, place in places.items()}
    return {
        name
        for name, answer in answers.items()
        if answer.status_code == 200 and (title in answer.content.decode() or slug in answer.content.decode())
    }


def test_an_agreement_is_hidden_signed_acceded_to_superseded_and_its_release_erased(newsroom, desk, chief):
    pact = prepare(newsroom, desk, "sea-pact", "Pact of the Sea")
    draft = announce(newsroom, desk, pact, PERMALINK, kind="signed", date="2031-03-03")
    desk.attach(draft, **{"annex a - text of the treaty.pdf": TEXT})
    desk.change(
        "agreement",
        pact,
        **row("texts", 0, kind="authentic", language="en", blob=draft.annexes.get().blob_id),
    )
    desk.do("submit", draft)
    assert known(newsroom, PACT, "Pact of the Sea") == set()
    chief.publish(draft, at=newsroom.now + HOUR)
    assert known(newsroom, PACT, "Pact of the Sea") == set()

    newsroom.wait(HOUR)
    met = known(newsroom, PACT, "Pact of the Sea")
    assert {"dossier", "data", "register", "table", "map", "api", "agency"} <= met
    record = newsroom.get(f"{PACT}data.json").json()
    assert (record["status"], [text["kind"] for text in record["texts"]]) == ("signed", ["authentic"])
    assert [one["slug"] for one in newsroom.item(PERMALINK)["agreements"]] == ["sea-pact"]
    assert PERMALINK in newsroom.read("/releases/", agreement="sea-pact")

    chile = {"kind": "state", "country": "CL", "position": 2}
    chief.change("agreement", pact, **row("parties", 1, **chile))
    party = Party.objects.get(country="CL")
    day = {"public_from": "2031-03-03T12:00"}
    chief.change("party", party, **row("actions", 0, kind="accession", action_on="2031-03-03", **day))
    assert newsroom.get(f"{PACT}data.json").json()["parties"] == ["Singapore"]
    newsroom.wait(3 * HOUR)
    assert newsroom.get(f"{PACT}data.json").json()["parties"] == ["Singapore", "Chile"]

    heir = prepare(newsroom, desk, "ocean-pact", "Pact of the Ocean")
    desk.change("agreement", heir, **row("relations", 0, kind="supersedes", other=pact.pk))
    following = announce(newsroom, desk, heir, LATER, kind="signed", date="2031-03-03")
    end = {"kind": "superseded", "date": "2031-03-03", "release": following.release_id}
    chief.change("agreement", pact, **row("events", 1, **end))
    desk.do("submit", following)
    chief.publish(following, at=newsroom.now + HOUR)
    assert known(newsroom, HEIR, "Pact of the Ocean") == set()
    record = newsroom.get(f"{PACT}data.json").json()
    assert (record["status"], record["relations"]) == ("signed", [])
    assert "Ocean" not in newsroom.read(PACT)

    newsroom.wait(HOUR)
    record = newsroom.get(f"{PACT}data.json").json()
    assert (record["status"], [one["slug"] for one in record["relations"]]) == ("superseded", ["ocean-pact"])

    newsroom.by_two("erase", release_at(PERMALINK).editions.get(), reason="An order of the court.")
    record = newsroom.get(f"{PACT}data.json").json()
    assert ([event["kind"] for event in record["events"]], record["texts"]) == (["superseded"], [])
    assert not AgreementText.objects.exists() and not Blob.objects.exists()
