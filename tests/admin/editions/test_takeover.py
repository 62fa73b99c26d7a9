"""A joint agency's people try to publish, rewrite and remove what another agency leads, by the desk's own
forms; and what must go on working does."""

import datetime as dt
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from releases.models import (
    Address,
    Agency,
    AgencyContact,
    Agreement,
    Boilerplate,
    Edition,
    Membership,
    Redirect,
    Suggestion,
)
from releases.services.accounts import consent, delegations
from releases.services.editing.draft_values import IssuerValues
from releases.services.publishing import approval, proposals
from tests.admin.browsing import delete, sent
from tests.factories import (
    NOON,
    cleared,
    make_agency,
    make_edition,
    make_live,
    make_member,
    make_next,
    make_section,
    save,
)

pytestmark = pytest.mark.django_db
ONLY = "Only people of MTI, which is the lead"


@pytest.fixture
def mti():
    return make_agency()


@pytest.fixture
def imda():
    return make_agency("imda", "Infocomm Media Development Authority", "IMDA")


@pytest.fixture
def writer(imda):
    return make_member(imda, role="writer")


@pytest.fixture
def approver(imda):
    return make_member(imda, urgent=True)


def page(edition, verb=""):
    name = "admin:releases_edition_do" if verb else "admin:releases_edition_change"
    return reverse(name, args=[edition.pk, verb] if verb else [edition.pk])


def change(client, edition, **typed):
    return client.post(page(edition), sent(client.get(page(edition)), **typed))


def do(client, edition, verb, **typed):
    """Press the button of a step; what is told, and whether any edition of it changed."""
    before = list(Edition.objects.filter(release=edition.release_id).values().order_by("pk"))
    act = {} if "live_from" in typed else {"act": "now", "confirms": "on"}
    answer = client.post(page(edition, verb), {"go": "on", **act, **typed}, follow=True).content.decode()
    return answer, before != list(Edition.objects.filter(release=edition.release_id).values().order_by("pk"))


def refused(answer_and_change, words):
    answer, is_changed = answer_and_change
    return words in answer and not is_changed


def issuers(edition):
    return list(edition.issuers.values_list("agency__acronym", flat=True))


@pytest.mark.parametrize(
    "typed",
    [
        {"issuers-0-DELETE": "on"},
        {"issuers-0-position": "2", "issuers-1-position": "1"},
        {"issuers-0-agency": "IMDA", "issuers-1-agency": "MTI"},
        {"issuers-0-DELETE": "on", "issuers-1-DELETE": "on"},
    ],
    ids=["takes the lead out", "puts the lead behind", "swaps the agencies of the rows", "takes all out"],
)
def test_a_joint_writer_does_not_take_the_lead_of_a_draft(client, mti, imda, writer, approver, typed):
    edition = make_edition(issuers=[mti, imda])
    keys = {"MTI": mti.pk, "IMDA": imda.pk}
    client.force_login(writer)
    answer = change(
        client, edition, body="Ours.", **{name: keys.get(value, value) for name, value in typed.items()}
    )
    assert (
        answer.status_code == 200 and ONLY in answer.content.decode() and "Ours." in answer.content.decode()
    )
    assert issuers(edition) == ["MTI", "IMDA"]
    client.force_login(approver)
    assert refused(do(client, edition, "approve"), "Only an approver of the lead agency can do this.")
    urgent = do(client, edition, "publish-urgently", urgent_reason="A rumour")
    assert refused(urgent, "Only somebody with the right to publish urgently can do this.")


def test_a_public_release_is_neither_rewritten_nor_removed_by_the_joint_agency(
    client, mti, imda, writer, approver
):
    live = make_live(issuers=[mti, imda])
    client.force_login(writer)
    client.post(page(live, "next"))
    draft = Edition.objects.get(based_on=live)
    answer = change(client, draft, body="Ours.", **{"issuers-0-DELETE": "on"})
    assert ONLY in answer.content.decode() and issuers(draft) == ["MTI", "IMDA"]
    change(client, draft, body="Ours.", change_class="correction", change_note="Better.")
    client.force_login(approver)
    assert do(client, draft, "clear")[0].count("Cleared for IMDA.") == 1
    assert refused(do(client, draft, "approve"), "Only an approver of the lead agency can do this.")
    for verb in ("remove", "withdraw"):
        assert refused(do(client, live, verb, reason="Wrong"), "Only an approver of the lead agency")
    assert not live.release.absences.exists()


def test_whose_writers_gave_the_lead_away_still_has_to_clear(client, mti, imda, approver):
    """Somebody of the lead is talked into it, or uses a stolen session: its approvers decide all the same."""
    edition = make_edition(issuers=[mti, imda])
    client.force_login(make_member(mti, role="writer"))
    change(client, edition, **{"issuers-0-DELETE": "on"})
    assert issuers(edition) == ["IMDA"]
    client.force_login(approver)
    assert refused(do(client, edition, "approve"), "MTI was the lead and is not any more.")
    urgent = do(client, edition, "publish-urgently", urgent_reason="A rumour")
    assert refused(urgent, "it cannot be published urgently")
    client.force_login(make_member(mti))
    assert "MTI" in do(client, edition, "clear")[0]
    client.force_login(approver)
    assert do(client, edition, "approve")[1]


def test_a_draft_is_not_discarded_by_the_joint_agency(client, mti, imda, writer):
    """To begin one of its own in its place, of which nobody was taken out."""
    edition = make_edition(issuers=[mti, imda])
    client.force_login(writer)
    assert delete(client, reverse("admin:releases_edition_delete", args=[edition.pk])).status_code == 403
    client.force_login(make_member(mti, role="writer"))
    delete(client, reverse("admin:releases_edition_delete", args=[edition.pk]))
    assert not Edition.objects.exists()


def test_a_scheduled_release_is_not_moved_or_stopped_by_the_joint_agency(client, mti, imda, approver):
    edition = make_edition(issuers=[mti, imda])
    starts = timezone.now() + dt.timedelta(days=2)
    edition.clearances.all().delete()
    client.force_login(approver)
    do(client, edition, "clear")
    client.force_login(make_member(mti))
    local = timezone.localtime(starts).strftime("%Y-%m-%dT%H:%M")
    assert do(client, edition, "approve", live_from=local)[1]
    client.force_login(approver)
    for verb in ("reschedule", "unschedule"):
        answer = do(
            client,
            edition,
            verb,
            live_from=timezone.localtime(timezone.now() + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        )
        assert refused(answer, "Only an approver of the lead agency")


def test_a_joint_writer_mends_a_word_and_the_lead_withdraws_alone(client, mti, imda, writer):
    edition = make_edition(issuers=[mti, imda])
    client.force_login(writer)
    assert ONLY in client.get(page(edition)).content.decode()
    assert change(client, edition, body="A paragraph mended.").status_code == 302
    assert Edition.objects.get(pk=edition.pk).body == "A paragraph mended."
    live = make_live(issuers=[mti, imda])
    client.force_login(make_member(mti))
    answer, _ = do(client, live, "withdraw", reason="A figure is wrong")
    assert "The release is withdrawn" in answer
    client.force_login(writer)
    assert "withdrew it: A figure is wrong" in client.get(reverse("admin:index")).content.decode()


def test_who_is_not_concerned_reads_neither_clearances_nor_what_was_asked_for(client, mti, imda):
    live = make_live(issuers=[mti, imda])
    proposals.remove(live, actor=make_member(mti), reason="It names a child", at=timezone.now())
    client.force_login(make_member(make_agency("csa", "Cyber Security Agency", "CSA"), role="writer"))
    seen = client.get(page(live, "remove")).content.decode()
    assert "It names a child" not in seen and "Agencies concerned" not in seen
    client.force_login(make_member(imda))
    seen = client.get(page(live, "remove")).content.decode()
    assert "It names a child" in seen and "Agencies concerned" in seen


def test_a_removal_asked_for_while_the_page_was_open_is_shown_before_it_is_done(client, mti):
    live = make_live(issuers=[mti])
    client.force_login(make_member(mti))
    asked = client.get(page(live, "remove")).context["form"].initial | {"reason": "A figure is wrong"}
    proposals.remove(live, actor=make_member(mti), reason="It names a child", at=timezone.now())
    answer = client.post(page(live, "remove"), asked)
    words = answer.content.decode()
    assert "Somebody else asked for this" in words and "It names a child" in words
    assert "A figure is wrong" in words and not live.release.absences.exists()
    shown = answer.context["form"]["shown"].value()
    client.post(page(live, "remove"), {"reason": "It names a child", "shown": shown})
    assert live.release.absences.get().kind == "removed"


def test_a_move_to_another_section_is_told_to_whom_readers_see(client, mti, imda):
    live = make_live(issuers=[mti, imda])
    draft = make_next(live)
    save(draft, actor=make_member(mti), issuers=())
    client.force_login(make_member(mti))
    other = make_section("/news/speeches/", "Speeches")
    url = reverse("admin:releases_release_change", args=[live.release_id])
    client.post(url, sent(client.get(url), section=other.pk))
    client.force_login(make_member(imda))
    assert "moved it from" in client.get(reverse("admin:index")).content.decode()


def test_the_form_of_a_time_that_changed_meanwhile_comes_back(client, mti, imda, approver):
    edition = make_edition(issuers=[mti, imda], wanted_from=timezone.now() + dt.timedelta(days=3))
    client.force_login(approver)
    form = client.get(page(edition, "clear")).context["form"]
    save(edition, wanted_from=timezone.now() + dt.timedelta(days=1))
    answer, _ = do(client, edition, "clear", seen=form.initial["seen"])
    assert "This version changed after you opened it." in answer
    assert not edition.clearances.exists()


FORGED = {
    "rows that leave the lead unsaid": {
        "issuers-TOTAL_FORMS": "1",
        "issuers-INITIAL_FORMS": "0",
        "issuers-0-id": "",
    },
    "the row of the lead under a foreign key": {"issuers-0-id": "FOREIGN", "issuers-0-agency": "IMDA"},
    "a place before the first": {"issuers-1-position": "0"},
    "a place below nothing": {"issuers-1-position": "-32768"},
    "the same place": {"issuers-0-position": "9", "issuers-1-position": "9"},
    "a third agency first": {
        "issuers-2-agency": "HTX",
        "issuers-2-position": "0",
        "issuers-TOTAL_FORMS": "3",
    },
    "the lead as a past one": {"past_issuers-0-DELETE": "on", "issuers-0-DELETE": "1", "_saveasnew": "1"},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_no_order_of_forged_rows_puts_the_lead_behind(client, mti, imda, writer, approver, forged):
    edition = make_edition(issuers=[mti, imda])
    other = make_edition(issuers=[imda]).issuers.get()
    keys = {
        "MTI": mti.pk,
        "IMDA": imda.pk,
        "HTX": make_agency("htx", "Home Team", "HTX").pk,
        "FOREIGN": other.pk,
    }
    client.force_login(writer)
    posted = sent(client.get(page(edition)), body="Ours.") | {
        name: str(keys.get(value, value)) for name, value in forged.items()
    }
    client.post(page(edition), posted)
    assert issuers(edition)[0] == "MTI" and Edition.objects.count() == 2
    client.force_login(approver)
    assert refused(do(client, edition, "approve"), "Only an approver of the lead agency can do this.")


def copy(client, edition):
    client.post(reverse("admin:releases_edition_duplicate", args=[edition.pk]))


def translate(client, edition):
    client.post(reverse("admin:releases_edition_translate", args=[edition.pk]), {"language": "ms"})


@pytest.mark.parametrize("begin", [copy, translate])
def test_a_copy_or_translation_begun_by_the_joint_agency_is_led_by_the_same_agency(
    client, mti, imda, writer, approver, begin
):
    edition = make_edition(issuers=[mti, imda])
    client.force_login(writer)
    begin(client, edition)
    begun = Edition.objects.exclude(pk=edition.pk).get()
    answer = change(client, begun, body="Ours.", **{"issuers-0-DELETE": "on"})
    assert ONLY in answer.content.decode() and issuers(begun) == ["MTI", "IMDA"]
    client.force_login(approver)
    assert refused(do(client, begun, "approve"), "Only an approver of the lead agency can do this.")


def test_what_somebody_typed_and_did_not_save_reaches_nobody_elses_form(client, mti, imda, writer):
    edition = make_edition(issuers=[mti, imda])
    hidden = make_edition(permalink="/hidden/", issuers=[mti])
    typed = [["title", "Ours"], ["issuers-0-agency", str(imda.pk)]]
    client.force_login(writer)
    url = reverse("admin:releases_edition_autosave")
    answers = [
        client.post(url, {"token": str(UUID(int=key)), "edition": key, "values": typed}, "application/json")
        for key in (hidden.pk, edition.pk)
    ]
    assert [answer.status_code for answer in answers] == [409, 204]
    client.force_login(make_member(mti))
    assert "Ours" not in client.get(page(edition)).content.decode()
    token = UUID(int=edition.pk)
    assert client.get(reverse("admin:releases_edition_typed_values", args=[token])).status_code == 404
    edition.refresh_from_db()
    assert edition.title != "Ours" and issuers(edition) == ["MTI", "IMDA"]


def test_a_clearance_of_an_agency_that_was_taken_out_meanwhile_is_for_what_it_read(
    client, mti, imda, approver
):
    """Taken out, given other words, and named again: it has to read again what is not word for word the same."""
    edition = make_edition(issuers=[mti, imda])
    client.force_login(approver)
    do(client, edition, "clear")
    client.force_login(make_member(mti, role="writer"))
    change(client, edition, **{"issuers-1-DELETE": "on"})
    client.force_login(make_member(mti))
    assert refused(do(client, edition, "approve"), "IMDA was an issuer and was taken out.")
    client.force_login(make_member(mti, role="writer"))
    added = {"issuers-1-agency": imda.pk, "issuers-1-position": "2", "issuers-TOTAL_FORMS": "2"}
    change(client, edition, body="Other words.", **added)
    assert issuers(edition) == ["MTI", "IMDA"]
    client.force_login(make_member(mti))
    assert refused(do(client, edition, "approve"), "IMDA has not cleared this text.")


def test_an_agreement_accepted_while_the_lead_reads_is_not_approved_unread(client, mti, imda, writer):
    edition = make_edition(issuers=[mti, imda], state="submitted")
    pact = Agreement.objects.create(slug="pact", title="A pact")
    one = Suggestion.objects.create(
        release=edition.release, key="1", sentence="A line.", rule="name", agreement=pact
    )
    lead = make_member(mti)
    seen = consent.sight(edition)
    client.force_login(writer)
    client.post(reverse("admin:releases_suggestion_decide", args=[one.pk, "accept"]))
    client.force_login(lead)
    fresh = Edition.objects.get(pk=edition.pk)
    if consent.sight(fresh) != seen:
        assert not do(client, edition, "approve", seen=seen)[1]
    assert not Edition.objects.live(timezone.now()).exists()


def test_an_approver_of_the_joint_agency_approves_no_package_with_a_release_of_the_lead(
    client, mti, imda, approver
):
    own, joint = make_edition(issuers=[imda]), make_edition(permalink="/joint/", issuers=[mti, imda])
    client.force_login(approver)
    url = f"{reverse('admin:releases_edition_together')}?editions={own.pk},{joint.pk}"
    assert "Only an approver of the lead agency" in client.get(url).content.decode()
    client.post(url, {"act": "now", "confirms": "on", "go": "on"})
    assert not Edition.objects.filter(state="approved").exists()


def settings_page(edition):
    return reverse("admin:releases_release_change", args=[edition.release_id])


def test_a_translation_of_ones_own_is_not_hung_below_the_release_of_another_agency(
    client, mti, imda, approver
):
    """Its page would lead to what nobody there has read."""
    live = make_live(issuers=[mti, imda])
    own = make_live(permalink="/ours/", title="Kami punya", language="ms", issuers=[imda])
    draft = make_edition(permalink="/draft/", language="zh", issuers=[imda])
    client.force_login(approver)
    for one in (own, draft):
        url = settings_page(one)
        answer = client.post(url, sent(client.get(url), translation_of=live.release_id))
        assert "The pages of that release and of its translations would lead here." in answer.content.decode()
    assert "Kami punya" not in client.get("/a-release/").content.decode()
    client.force_login(make_member(mti, imda))
    client.post(settings_page(own), sent(client.get(settings_page(own)), translation_of=live.release_id))
    assert "Kami punya" in client.get(live.address.path).content.decode()
    client.force_login(make_member(imda, role="writer"))
    told = client.get(reverse("admin:index")).content.decode()
    assert told.count("changed which releases are its translations") == 2


@pytest.mark.parametrize("typed", [{"form": "link"}, {"section": "OTHER"}, {"translation_of": "MALAY"}])
def test_a_draft_is_approved_where_its_approver_saw_it(client, mti, imda, writer, typed):
    """Its place is no text; whoever writes for a joint agency may change it until the approval."""
    malay = make_edition(permalink="/malay/", language="ms", issuers=[mti, imda])
    edition = make_edition(issuers=[mti, imda], link_url="https://ours.example/", contacts="")
    keys = {"OTHER": make_section("/news/speeches/", "Speeches").pk, "MALAY": malay.release_id}
    client.force_login(make_member(imda))
    do(client, edition, "clear")
    lead = make_member(mti)
    client.force_login(lead)
    seen = client.get(page(edition, "approve")).context["form"].initial["seen"]
    client.force_login(writer)
    url = settings_page(edition)
    moved = {name: keys.get(value, value) for name, value in typed.items()}
    assert client.post(url, sent(client.get(url), **moved)).status_code == 302
    client.force_login(lead)
    words = "This version changed after you opened it. Read it again."
    assert refused(do(client, edition, "approve", seen=seen), words)
    assert do(client, edition, "approve")[1]


def test_what_leads_to_the_release_of_the_lead_is_not_sent_elsewhere_by_the_joint_agency(client, mti, imda):
    live = make_live(issuers=[mti, imda])
    old = Address.objects.create(path="/old/", kind="redirect")
    redirect = Redirect.objects.create(address=old, target=live.address.path, valid_from=NOON, agency=mti)
    url = reverse("admin:releases_redirect_change", args=[redirect.pk])
    typed = {
        "path": "/old/",
        "target": "https://ours.example/",
        "valid_from_0": "2024-01-01",
        "valid_from_1": "10:00",
    }
    client.force_login(make_member(imda, role="administrator"))
    assert client.post(url, typed).status_code == 403
    assert delete(client, reverse("admin:releases_redirect_delete", args=[redirect.pk])).status_code == 403
    redirect.refresh_from_db()
    assert redirect.target == live.address.path
    client.force_login(make_member(mti, role="administrator"))
    assert client.post(url, sent(client.get(url), target="/news/press-releases/")).status_code == 302


def test_an_agency_that_handed_a_release_over_does_not_take_it_back_by_its_old_text(
    client, mti, imda, writer, approver
):
    old = make_live(issuers=[imda])
    handed = make_next(old)
    save(handed, actor=make_member(imda, role="writer"), issuers=(IssuerValues(mti),))
    approval.approve(cleared(handed), approver=make_member(mti), at=NOON + dt.timedelta(hours=1))
    client.force_login(writer)
    client.post(page(old, "again"))
    draft = Edition.objects.get(number=3)
    change(client, draft, body="Ours.", change_class="correction", change_note="Better.")
    assert issuers(draft) == ["IMDA"]
    client.force_login(approver)
    assert refused(do(client, draft, "approve"), "MTI was the lead and is not any more.")
    urgent = do(client, draft, "publish-urgently", urgent_reason="A rumour")
    assert refused(urgent, "it cannot be published urgently")


def test_a_successor_acts_for_the_lead_from_its_day_on_and_a_deputy_never(client, mti, imda, approver):
    edition = make_edition(issuers=[mti])
    lead, today = make_member(mti, imda, role="writer"), timezone.localdate()
    Membership.objects.create(user=lead, agency=mti, role="approver")
    delegations.delegate(lead, approver, starts=today, ends=today, at=timezone.now())
    tomorrow = today + dt.timedelta(days=1)
    Agency.objects.filter(pk=mti.pk).update(successor=imda, succeeded_on=tomorrow)
    client.force_login(approver)
    assert client.get(page(edition)).status_code == 302
    assert not do(client, edition, "approve")[1]
    Agency.objects.filter(pk=mti.pk).update(succeeded_on=today)
    assert do(client, edition, "approve")[1]


def test_nothing_beside_a_release_of_the_lead_is_changed_by_all_the_roles_of_another_agency(
    client, mti, imda, approver
):
    """Contacts, closing texts, addresses, lists: what a page shows or readers follow, by posts that no form offers."""
    live = make_live(issuers=[mti, imda])
    contact = AgencyContact.objects.create(agency=mti, name="Press desk", email="press@mti.example")
    text = Boilerplate.objects.create(agency=mti, title="About us", text="We trade.")
    section = make_section("/news/speeches/", "Speeches")
    Membership.objects.create(user=approver, agency=imda, role="administrator")
    client.force_login(approver)

    def post(place, *keys, query="", **typed):
        return client.post(reverse(f"admin:releases_{place}", args=keys) + query, typed)

    mine = {"agency": mti.pk, "name": "Ours", "email": "ours@imda.example", "title": "Ours", "text": "Ours."}
    for name, row in (("agencycontact", contact), ("boilerplate", text)):
        assert post(f"{name}_change", row.pk, **mine).status_code == 403
        assert post(f"{name}_delete", row.pk, post="yes").status_code == 403
        assert post(f"{name}_add", **mine).status_code == 200
        assert type(row).objects.get() == row
    chosen = f"?editions={live.pk}"
    post("edition_bulk", "move", query=chosen, section=section.pk)
    post("edition_bulk", "withdraw", query=chosen, number=1, **{f"reason-{live.pk}": "Wrong"})
    post("edition_bulk", "discard", query=chosen, number=1)
    for path in (live.address.path, live.address.path.upper(), f"{live.address.path}*"):
        post(
            "redirect_add",
            path=path,
            target="https://ours.example/",
            valid_from_0="2024-01-01",
            valid_from_1="10:00",
        )
    answer = client.get(live.address.path)
    assert answer.status_code == 200 and "Ours" not in answer.content.decode()
    live.refresh_from_db()
    assert live.release.section_id != section.pk and not live.release.absences.exists()
