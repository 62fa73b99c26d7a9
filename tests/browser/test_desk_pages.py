"""Every page of the desk with axe: bar U2."""

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from releases.models import Autosave
from tests.browser.hands import send, show_scheme, sign_in
from tests.factories import (
    make_edition,
    make_live,
    make_member,
    make_next,
    make_scheduled,
)

BEST_PRACTICE = {
    "region",
    "landmark-one-main",
    "heading-order",
    "page-has-heading-one",
    "landmark-unique",
    "empty-heading",
}
PAGES = {
    "login": None,
    "dashboard": "admin:index",
    "list": "admin:releases_edition_changelist",
    "add": "admin:releases_edition_add",
    "paste": "admin:releases_edition_from_document",
    "together": "admin:releases_edition_together",
    "rehearsal": "rehearsal",
    "people": "admin:releases_membership_changelist",
    "role": "admin:releases_membership_add",
    "invite": "admin:releases_membership_invite",
    "redirects": "admin:releases_redirect_load",
    "agreement": "admin:releases_agreement_add",
    "suggestions": "admin:releases_suggestion_changelist",
    "ledger of all": "admin:releases_ledgerentry_changelist",
    "change": "change",
    "live": "live",
    "errors": "errors",
    "review": "approve",
    "clear": "clear",
    "withdraw": "withdraw",
    "compare": "compare",
    "links": "links",
    "ledger": "ledger",
}


@pytest.mark.parametrize("name", PAGES)
def test_the_desk_is_accessible_in_both_schemes_at_three_widths(
    page, site, agencies, violations, complaints, name
):
    files = [(f"/files/{letter}.pdf", b"%PDF-1", f"Annex {letter}", "T") for letter in "abc"]
    draft = make_edition(
        issuers=agencies, annexes=files, state="submitted", body="1. a\n\n3. [x](/files/no.pdf)"
    )
    make_scheduled(live_from=timezone.now() + dt.timedelta(days=2), at=timezone.now())
    live = make_live(at=timezone.now())
    following = make_next(live)
    user = make_member(agencies[0], is_superuser=True)
    typing = {"edition": draft, "form_token": uuid4(), "values": "[]", "typed_at": timezone.now()}
    Autosave.objects.create(user=make_member(agencies[1]), **typing)
    if name != "login":
        sign_in(page, site, user)
    paths = {
        "change": reverse("admin:releases_edition_change", args=[draft.pk]),
        "live": reverse("admin:releases_edition_change", args=[live.pk]),
        "errors": reverse("admin:releases_edition_add"),
        "approve": reverse("admin:releases_edition_do", args=[draft.pk, "approve"]),
        "clear": reverse("admin:releases_edition_do", args=[draft.pk, "clear"]),
        "withdraw": reverse("admin:releases_edition_do", args=[live.pk, "withdraw"]),
        "compare": reverse("admin:releases_edition_compare", args=[following.pk, live.pk]),
        "links": reverse("admin:releases_edition_links", args=[draft.pk]),
        "ledger": reverse("admin:releases_edition_ledger", args=[live.pk]),
    }
    place = PAGES[name]
    page.goto(site + ("/admin/" if place is None else paths.get(place) or reverse(place)))
    if name == "errors":
        send(page, "input[name=_continue]")
        page.wait_for_selector(".error-summary")
    assert complaints == []
    for scheme, rules in (
        ("light", ()),
        ("dark", ("color-contrast",)),
    ):  # the scheme changes nothing but colours
        show_scheme(page, scheme)
        for width in (320, 768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            found = [one for one in violations(page, *rules) if one[0] not in BEST_PRACTICE]
            assert found == [], (scheme, width)
