"""One release's whole life at the desk, from the first word to its withdrawal.

With FILM=folder in the environment every scene is kept as pictures, three widths in two schemes, to be looked
at.
"""

import datetime as dt
import os
from pathlib import Path

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from releases.models import Edition
from tests.browser.hands import PASSWORD, files, send, sign_in
from tests.factories import make_edition, make_live, make_member, make_scheduled, make_section

FILM = os.environ.get("FILM", "")
WIDTHS = [int(width) for width in os.environ.get("FILM_WIDTHS", "320 768 1280").split()]
STILL = "#edition_form .submit-row { position: static !important }"  # a bar that sticks would stand in the middle of a whole page
BODY = """*Jointly issued by MTI, MCI and IMDA*

1. The Harbour Pact between the two ports enters into force on 14 January. It was signed in December.

2. It lets ships carry their papers in one electronic form. Three things change for shippers:
   - one form instead of nine,
   - answers within an hour,
   - no paper at the quay.

## What comes next

3. Officers of both ports will meet in March. See Annex A for the key features, Annex B for a factsheet and Annex C for quotes.

| Year | Forms | Hours saved |
| --- | --- | --- |
| 2022 | 9 | 0 |
| 2023 | 1 | 41,000 |
"""


class Camera:
    def __init__(self, page):
        self.page, self.number = page, 0

    def take(self, scene):
        """Every width in both schemes, whole pages."""
        self.number += 1
        if not FILM:
            return
        before = self.page.viewport_size
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                self.page.set_viewport_size({"width": width, "height": 900})
                self.page.wait_for_timeout(350)
                name = f"{self.number:02}-{scene}-{width}-{scheme}.png"
                self.page.screenshot(path=Path(FILM) / name, full_page=True, style=STILL)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(before)


def test_a_release_from_the_first_word_to_its_withdrawal(page, site, agencies, tmp_path):
    section, now = make_section(), timezone.now()
    for number, title in enumerate(
        ["Port fees for 2024", "Minister opens the new quay", "Reply on ferry times"]
    ):
        make_live(title=title, section=section, at=now - dt.timedelta(days=number + 1))
    make_scheduled(
        title="Budget of the port authority", live_from=now + dt.timedelta(days=2, hours=3), at=now
    )
    writer = make_member(agencies[0], role="writer", first_name="Aisha", last_name="Tan")
    others = [make_member(agency) for agency in agencies[1:]]
    lead = make_member(agencies[0], first_name="Ravi", last_name="Menon")
    make_edition(title="Trade figures of the third quarter", author=writer, issuers=[agencies[0]], body="")
    camera = Camera(page)

    page.goto(f"{site}/admin/")
    camera.take("sign-in")
    page.fill("#id_login", writer.username)
    page.fill("#id_password", PASSWORD)
    send(page, "input[type=submit]")
    camera.take("dashboard-of-the-writer")
    send(page, "text=New release")
    camera.take("new-release")
    page.fill("#id_title", "The Harbour Pact enters into force")
    page.select_option("#id_section", label="Press releases")
    page.fill("#id_body", BODY)
    page.wait_for_selector(".markdownx-preview .release-body table")
    for number, acronym in enumerate(["MTI", "MCI", "IMDA"]):
        page.fill(f"#id_issuers-{number}-agency", acronym)
    page.set_input_files("#id_new_annexes", files(tmp_path))
    page.fill("#id_permalink", "/admin/mine/")
    send(page, "input[name=_continue]")
    expect(page.locator(".error-summary")).to_be_visible()
    camera.take("refused")
    page.fill("#id_permalink", "")
    send(page, "input[name=_continue]")
    camera.take("draft")
    send(page, "[name=_submit]")
    edition = Edition.objects.get(title="The Harbour Pact enters into force")
    camera.take("submitted")
    page.goto(site + reverse("admin:releases_edition_links", args=[edition.pk]))
    camera.take("preview-links")
    sign_in(page, site, others[0])
    camera.take("dashboard-of-a-joint-agency")
    send(page, "text=The Harbour Pact enters into force")
    camera.take("clearance")
    send(page, ".act .button.go")
    sign_in(page, site, others[1])
    send(page, "text=The Harbour Pact enters into force")
    send(page, ".act .button.go")
    sign_in(page, site, lead)
    camera.take("dashboard-of-the-lead")
    send(page, ".needs-you >> text=The Harbour Pact enters into force")
    page.click("text=Schedule it instead")
    page.fill("#id_live_from", "2033-01-14T09:00")
    camera.take("approval")
    send(page, "text=Approve for Friday 14 January 2033, 09:00")
    camera.take("scheduled")
    page.goto(f"{site}/admin/")
    camera.take("dashboard-with-what-is-scheduled")
    Edition.objects.filter(pk=edition.pk).update(live_from=timezone.now() - dt.timedelta(minutes=5))
    page.goto(site + reverse("admin:releases_edition_changelist"))
    camera.take("list")
    page.goto(site + edition.permalink)
    camera.take("public")
    sign_in(page, site, writer)
    page.goto(site + reverse("admin:releases_edition_change", args=[edition.pk]))
    camera.take("live")
    send(page, "button:has-text('Correct or update')")
    page.fill("#id_body", BODY.replace("41,000", "14,000"))
    page.select_option("#id_change_class", label="Correction")
    page.fill("#id_change_note", "The hours saved in 2023 were wrong.")
    camera.take("correction")
    send(page, "[name=_submit]")
    for other in others:
        sign_in(page, site, other)
        send(page, ".needs-you a[href*='/do/clear/']")
        send(page, ".act .button.go")
    sign_in(page, site, lead)
    send(page, ".needs-you a[href*='/do/approve/']")
    camera.take("approval-of-the-correction")
    send(page, ".act .button.go")
    page.goto(f"{site}/releases/{edition.release_id}/changes/2/")
    camera.take("public-comparison")
    page.goto(
        site
        + reverse(
            "admin:releases_edition_compare", args=[edition.release.editions.get(number=2).pk, edition.pk]
        )
    )
    camera.take("comparison")
    page.goto(
        site
        + reverse("admin:releases_edition_do", args=[edition.release.editions.get(number=2).pk, "withdraw"])
    )
    page.fill("#id_reason", "The pact was postponed after this was published.")
    camera.take("withdrawal")
    send(page, ".act .button.red")
    page.goto(site + reverse("admin:releases_edition_ledger", args=[edition.pk]))
    camera.take("ledger")
    page.goto(site + edition.permalink)
    camera.take("withdrawn")
    assert "The pact was postponed" in page.inner_text("main")
