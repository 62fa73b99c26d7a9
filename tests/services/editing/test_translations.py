"""A translation is begun from its original, found by readers from it, and told when it has changed."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from releases.models import Edition
from releases.services.editing import checks, drafts, translations
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import approval
from tests.admin.browsing import sent
from tests.factories import make_agency, make_edition, make_live, make_member, make_next, make_user, save
from tests.markup import tidy

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def mti():
    return make_agency()


@pytest.fixture
def writer(client, mti):
    user = make_member(mti, role="writer")
    client.force_login(user)
    return user


def told(edition):
    return [check.words for check in checks.checks(edition) if "original" in check.words]


def test_a_translation_takes_over_all_but_the_words(client, writer, mti):
    imda = make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    original = make_live(
        title="Harbours", issuers=[mti, imda], annexes=[("/files/a.pdf", b"%PDF-1")], at=timezone.now() - HOUR
    )
    page = reverse("admin:releases_edition_translate", args=[original.pk])
    form = client.get(reverse("admin:releases_edition_change", args=[original.pk]))
    assert f'href="{page}"' in form.content.decode()
    assert '<option value="en"' not in client.get(page).content.decode()
    client.post(page, {"language": "zh"})
    draft = Edition.objects.get(language="zh")
    assert (draft.title, draft.body, draft.state, draft.author) == ("Harbours", "", "draft", writer)
    assert [one.agency for one in draft.issuers.all()] == [mti, imda]
    assert draft.annexes.get().blob == original.annexes.get().blob
    assert draft.release.translation_group == original.release.translation_group
    assert draft.release.section == original.release.section
    assert draft.permalink == f"{original.permalink.rstrip('/')}-zh/"
    assert "There is a version in" not in client.post(page, {"language": "ms"}, follow=True).content.decode()
    with pytest.raises(ActionRefused, match="already"):
        translations.start_translation(original, "zh", actor=writer, at=timezone.now())
    shown = tidy(client.get(reverse("admin:releases_edition_change", args=[draft.pk])))
    assert "Read it beside the original" in shown and str(draft.release.translation_group) not in shown


def test_a_translation_can_be_public_with_the_same_files_as_its_original(writer, mti):
    original = make_live(issuers=[mti], annexes=[("/files/a.pdf", b"%PDF-1")], at=timezone.now() - HOUR)
    draft = translations.start_translation(original, "ms", actor=writer, at=timezone.now())
    save(draft, body="Teks.", actor=writer)
    approval.approve(Edition.objects.get(pk=draft.pk), approver=make_user(), at=timezone.now())
    assert Edition.objects.live(timezone.now()).count() == 2


def test_who_translated_is_told_that_the_original_changed_until_it_says_the_same(client, writer, mti):
    original = make_live(title="Harbours", issuers=[mti], at=timezone.now() - HOUR)
    draft = translations.start_translation(original, "ta", actor=writer, at=timezone.now())
    assert told(draft) == []
    following = make_next(original, body="Another text.", body_html="<p>Another text.</p>")
    draft = Edition.objects.get(pk=draft.pk)
    assert told(draft) == [
        "The original, “Harbours”, has changed since it was translated. Read both side by side."
    ]
    page = reverse("admin:releases_edition_beside", args=[draft.pk])
    shown = tidy(client.get(page))
    assert "The original has changed" in shown and "Another text." in shown
    assert reverse("admin:releases_edition_compare", args=[following.pk, original.pk]) in shown
    client.post(page)
    assert told(Edition.objects.get(pk=draft.pk)) == []
    drafts.discard(following)
    assert Edition.objects.get(pk=draft.pk).release.original is None


def test_people_of_other_agencies_translate_nothing(client, writer):
    theirs = make_live(issuers=[make_agency("csa", "Cyber Security Agency", "CSA")], at=timezone.now() - HOUR)
    page = reverse("admin:releases_edition_translate", args=[theirs.pk])
    assert client.post(page, {"language": "zh"}).status_code == 403
    with pytest.raises(ActionRefused):
        translations.start_translation(theirs, "zh", actor=writer, at=timezone.now())


def test_the_language_is_chosen_from_a_menu_that_keeps_one_of_an_old_site(client, writer, mti):
    draft = make_edition(issuers=[mti], language="en-SG", author=writer)
    url = reverse("admin:releases_edition_change", args=[draft.pk])
    opened = client.get(url)
    assert '<option value="en-SG" selected' in opened.content.decode()
    client.post(url, sent(opened, language="English"))
    assert Edition.objects.get(pk=draft.pk).language == "en-SG"
    client.post(url, sent(opened, language="ta"))
    assert Edition.objects.get(pk=draft.pk).language == "ta"
