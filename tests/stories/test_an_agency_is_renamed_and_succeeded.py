"""An agency gets another name on a day, and months later another agency takes over its work."""

import datetime as dt

import pytest

from releases.models import Agency
from tests.factories import SINGAPORE, make_agency, make_section
from tests.stories.newsroom import DAY, HOUR, release_at

OLD, NEW, LAST = (f"/news/press-releases/{name}/" for name in ("old", "new", "last"))
RENAMED, SUCCEEDED = dt.date(2031, 4, 1), dt.date(2031, 6, 1)


@pytest.fixture
def former(db):
    make_section()
    return make_agency("mci", "Ministry of Communications", "MCI")


@pytest.fixture
def successor(db):
    return make_agency("mdd", "Ministry of Development", "MDD")


def rename(newsroom, agency):
    """Typed weeks before its day, as people do."""
    row = {
        "names-TOTAL_FORMS": 2,
        "names-1-name": "Ministry of Digital Matters",
        "names-1-acronym": "MDM",
        "names-1-valid_from": RENAMED,
    }
    newsroom.superuser().change("agency", agency, **row)


def succeed(newsroom, agency, successor):
    newsroom.superuser().change("agency", agency, successor=successor.pk, succeeded_on=SUCCEEDED)


def publish(newsroom, agency, permalink, title, at=None):
    writer = newsroom.writer(agency)
    wanted = f"{at:%Y-%m-%dT%H:%M}" if at else ""
    draft = writer.write(title, "1. One.", permalink=permalink, wanted_from=wanted)
    writer.do("submit", draft)
    newsroom.approver(agency).publish(draft, at=at)
    return draft


def issuers(newsroom, permalink):
    return [(one["name"], one["acronym"]) for one in newsroom.item(permalink)["issuers"]]


def test_each_release_keeps_the_name_of_its_day_and_the_pages_tell_nothing_early(newsroom, former, successor):
    publish(newsroom, former, OLD, "Under the old name")
    rename(newsroom, former)
    publish(newsroom, former, NEW, "Under the new name", at=dt.datetime(2031, 4, 1, 9, tzinfo=SINGAPORE))
    page = newsroom.read("/agencies/mci/")
    assert "Ministry of Communications (MCI)" in page and "Digital" not in page and "MDM" not in page
    assert "Digital" not in newsroom.read("/agencies/") + newsroom.read("/") + newsroom.read("/releases/")
    assert newsroom.finds("MDM") == newsroom.finds("Digital Matters") == set()

    newsroom.now = dt.datetime(2031, 4, 1, 10, tzinfo=SINGAPORE)
    assert issuers(newsroom, OLD) == [("Ministry of Communications", "MCI")]
    assert issuers(newsroom, NEW) == [("Ministry of Digital Matters", "MDM")]
    page = newsroom.read("/agencies/mci/")
    assert "Ministry of Digital Matters (MDM)" in page and "Ministry of Communications" in page
    assert "Ministry of Digital Matters</a> (MDM)" in " ".join(newsroom.read("/agencies/").split())
    found = newsroom.read("/releases/", agency="mci")
    assert OLD in found and NEW in found
    for name in ("Ministry of Communications", "Ministry of Digital Matters", "MDM"):
        assert newsroom.finds(name) == {OLD, NEW}

    succeed(newsroom, former, successor)
    assert "Its work was taken over by" not in newsroom.read("/agencies/mci/")
    heir = newsroom.approver(successor)
    assert heir.ask("withdraw", release_at(NEW).editions.get(), reason="Ours now").status_code in (
        403,
        404,
    ) or (newsroom.item(NEW)["withdrawn"] is None)

    newsroom.now = dt.datetime.combine(SUCCEEDED, dt.time(9), tzinfo=SINGAPORE)
    assert "Its work was taken over by" in newsroom.read("/agencies/mci/")
    publish(newsroom, successor, LAST, "Of the successor")
    assert issuers(newsroom, LAST) == [("Ministry of Development", "MDD")]
    newsroom.wait(HOUR)
    draft = newsroom.writer(successor).begin_next(release_at(NEW))
    newsroom.writer(successor).save(draft, change_class="update", change_note="By the successor.")
    newsroom.wait(DAY)
    newsroom.approver(successor).publish(draft)
    assert issuers(newsroom, NEW) == [("Ministry of Digital Matters", "MDM")]
    assert Agency.objects.get(slug="mci").successor == successor
