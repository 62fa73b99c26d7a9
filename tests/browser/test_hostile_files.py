"""Files that were taken, opened in every way in which a browser can: nothing runs, nothing is asked of
anybody else."""

import pytest
from django.utils import timezone
from playwright.sync_api import Error

from releases.content.text.permalinks import quote_path
from releases.services.editing import previews
from releases.services.publishing import approval
from tests.admin.editions.test_hostile_files import ANNEX, FILES, PICTURE, hand_in
from tests.factories import make_agency, make_member, make_user

TAKEN = [(name, door) for name, (_, doors) in FILES.items() for door in doors if door in (ANNEX, PICTURE)]
WAYS = ("img", "iframe", "object", "embed", "script", "link")
OPEN = """([way, url]) => new Promise((done) => {
  const one = document.createElement(way);
  if (way === "link") one.rel = "stylesheet";
  one[{ object: "data", link: "href" }[way] || "src"] = url;
  one.onload = one.onerror = done;
  setTimeout(done, 2000);
  document.body.append(one);
})"""


@pytest.fixture
def heard(page):
    """Everything that a file must not do."""
    told = []
    page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
    page.on("popup", lambda popup: told.append(popup.url))
    page.on("request", lambda request: None if "localhost" in request.url else told.append(request.url))
    return told


def visit(page, url):
    """Go there; a download is an answer too."""
    try:
        page.goto(url)
    except Error as error:
        if "Download is starting" not in error.message and "ERR_ABORTED" not in error.message:
            raise
        page.goto("about:blank")


@pytest.mark.parametrize("name, door", TAKEN, ids=repr)
def test_a_file_that_was_taken_runs_nowhere(page, site, client, heard, name, door):
    client.force_login(make_member(make_agency(), role="writer"))
    _, edition = hand_in(client, door, name)
    now = timezone.now()
    _, token = previews.make_link(edition, person="Reviewer", actor=make_user(), at=now)
    rows = [*edition.annexes.all(), *edition.illustrations.all()]
    for row in rows:
        visit(page, f"{site}/accounts/preview/{token}/{row.blob_id}/")
    approval.approve(edition, approver=make_user(), at=timezone.now())
    probe = f"{site}/a-page-without-a-policy/"
    page.route(probe, lambda route: route.fulfill(body="<!doctype html><body>", content_type="text/html"))
    for row in rows:
        file = site + quote_path(row.address.path)
        visit(page, file)
        for way in WAYS:
            page.goto(probe)
            page.evaluate(OPEN, [way, file])
            assert page.url == probe, way
    assert [url for url in heard if not url.startswith(("chrome", "data:", "blob:"))] == []
