"""Release settings: where readers find a release, and which releases are its translations."""

import pytest
from django.urls import reverse

from tests.admin.browsing import sent
from tests.factories import make_agency, make_edition, make_live, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def settings_of(client):
    """The page of a release's settings, as an approver of its lead sees it; changes are sent with it."""
    client.force_login(make_member(make_agency()))

    def look(edition, **changes):
        page = reverse("admin:releases_release_change", args=[edition.release_id])
        shown = client.get(page)
        answer = client.post(page, sent(shown, **changes), follow=True) if changes else shown
        edition.release.refresh_from_db()
        return answer.content.decode()

    return look


def test_translations_are_joined_and_parted_by_their_titles(settings_of):
    english = make_live(title="Shops can claim more")
    chinese = make_edition(title="商店可索取更多", language="zh")
    assert str(english.release.translation_group) not in settings_of(english)
    settings_of(chinese, translation_of=str(english.release_id))
    assert english.release.translation_group == chinese.release.translation_group
    told = settings_of(chinese)
    assert "Shops can claim more</a>" in told and "(English)" in told
    settings_of(chinese, is_apart="on")
    english.release.refresh_from_db()
    assert english.release.translation_group != chinese.release.translation_group


def test_a_release_is_no_translation_of_one_in_its_own_language(settings_of):
    first, second = make_live(title="First"), make_live(title="Second")
    told = settings_of(second, translation_of=str(first.release_id))
    assert "That release is there in English already." in told
    assert first.release.translation_group != second.release.translation_group


def test_a_draft_is_searched_by_its_title_by_those_who_may_see_it(client):
    draft = make_edition(title="Secret plans", language="ms")
    field = {"app_label": "releases", "model_name": "mention", "field_name": "release", "term": "plans"}
    found = {}
    for agency in (make_agency(), make_agency("imda", "An authority", "IMDA")):
        client.force_login(make_member(agency))
        found[agency.slug] = client.get(reverse("admin:autocomplete"), field).json()["results"]
    assert found == {"mti": [{"id": str(draft.release_id), "text": "Secret plans (Malay)"}], "imda": []}
