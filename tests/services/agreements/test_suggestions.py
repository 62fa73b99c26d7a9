import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from releases.models import (
    Agreement,
    AgreementEvent,
    LedgerEntry,
    Mention,
    Party,
    PartyAction,
    Signatory,
    Suggestion,
)
from releases.services.agreements import decisions, suggestions
from releases.services.agreements.consistency import find_contradictions
from releases.services.publishing.suggestions import decide_suggestions
from tests.factories import NOON, make_live, make_section, make_user

pytestmark = pytest.mark.django_db
BODY = (
    "1. The Sea Agreement (SEAP) will enter into force on 14 January 2023.\n\n"
    "2. Both will sign the Fish Trade Agreement (FITA).\n"
)


@pytest.fixture
def pact():
    return Agreement.objects.create(
        slug="sea", title="Sea Agreement", acronyms=["SEAP"], instrument_type="treaty"
    )


@pytest.fixture
def edition(pact):
    return make_live(title="On the sea", body=BODY, release_date=dt.date(2023, 1, 13))


def suggested():
    suggestions.save_suggestions(suggestions.newest_editions())
    return {suggestion.rule: suggestion for suggestion in Suggestion.objects.all()}


def test_a_release_suggests_names_new_names_and_events(edition, pact):
    found = suggested()
    assert found["name"].agreement == pact
    assert (found["new"].title, found["new"].acronym) == ("Fish Trade Agreement", "FITA")
    assert (found["event"].event_kind, found["event"].event_date) == (
        "entry-into-force",
        dt.date(2023, 1, 14),
    )
    assert found["event"].sentence == "The Sea Agreement (SEAP) will enter into force on 14 January 2023."
    assert not Mention.objects.exists() and not AgreementEvent.objects.exists()


def test_what_was_decided_is_not_suggested_again(edition):
    decisions.dismiss_suggestion(suggested()["name"], actor=make_user(), at=NOON)
    assert suggestions.save_suggestions(suggestions.newest_editions()) == 0
    assert Suggestion.objects.get(rule="name").state == "dismissed"


def test_accepting_a_name_puts_the_release_into_the_dossier(edition, client):
    decisions.accept_suggestion(suggested()["name"], actor=make_user(), at=NOON)
    assert "On the sea" in client.get("/agreements/sea/").content.decode()
    entry = LedgerEntry.objects.get(verb="suggestion")
    told = {"state": "accepted", "rule": "name", "agreement": Agreement.objects.get(slug="sea").pk}
    assert entry.subject == f"suggestion {Suggestion.objects.get(rule='name').pk}"
    assert entry.note.items() >= told.items()


def test_accepting_an_event_makes_it_evidenced_by_the_release(edition, pact):
    decisions.accept_suggestion(suggested()["event"], actor=make_user(), at=NOON)
    event = pact.events.get()
    assert (event.kind, event.date, event.release) == (
        "entry-into-force",
        dt.date(2023, 1, 14),
        edition.release,
    )


def test_a_new_name_makes_an_agreement_or_is_merged_into_one(edition, pact):
    new = suggested()["new"]
    made = decisions.accept_suggestion(new, actor=make_user(), at=NOON)
    assert (made.slug, made.acronyms) == ("fish-trade-agreement", ["FITA"])
    new.agreement = pact
    decisions.accept_suggestion(new, actor=make_user(), at=NOON)
    pact.refresh_from_db()
    assert (pact.former_titles, pact.acronyms) == (["Fish Trade Agreement"], ["SEAP", "FITA"])


def test_a_new_name_tells_its_parties_and_the_record_gets_them(pact):
    make_live(body="Both signed the Fish Trade Agreement (FITA) between Korea and New Zealand.")
    new = suggested()["new"]
    assert new.parties == ["KR", "NZ"]
    made = decisions.accept_suggestion(new, actor=make_user(), at=NOON)
    assert [party.country.code for party in made.parties.all()] == ["KR", "NZ"]


def test_a_signing_of_a_new_agreement_is_an_event_of_what_it_makes():
    make_live(
        title="Norway and Chile Sign Treaty on Help at Sea",
        body="The ministers met.",
        release_date=dt.date(2023, 5, 3),
    )
    found = suggested()
    assert (found["event"].agreement, found["event"].title) == (None, "Treaty on Help at Sea")
    made = decisions.accept_suggestion(found["event"], actor=make_user(), at=NOON)
    assert decisions.accept_suggestion(found["new"], actor=make_user(), at=NOON) == made
    assert made.instrument_type == "treaty"
    assert [(event.kind, event.date) for event in made.events.all()] == [("signed", dt.date(2023, 5, 3))]


def test_an_event_of_a_new_name_that_was_merged_goes_to_that_agreement(pact):
    make_live(body="They signed the Treaty on Help at Sea on 3 May 2023.")
    found = suggested()
    found["new"].agreement = pact
    decisions.accept_suggestion(found["new"], actor=make_user(), at=NOON)
    assert decisions.accept_suggestion(found["event"], actor=make_user(), at=NOON) == pact
    assert pact.events.get().date == dt.date(2023, 5, 3)


def test_memoranda_that_are_only_counted_are_one_suggestion_with_the_day_of_their_release():
    make_live(body="Both inked eight MOUs today.", release_date=dt.date(2023, 5, 3))
    assert list(suggested()) == ["new"]
    assert Suggestion.objects.get().title == "Eight Memoranda of Understanding (release of 3 May 2023)"


@pytest.mark.parametrize(
    "text, is_likely",
    [
        ("Korea and Singapore signed an MOU on DE today.", True),
        ("Chile and Singapore signed an MOU on DE today.", False),
        ("Korea and Singapore signed the Desert Ecology Protection Treaty (DEPT) today.", False),
    ],
)
def test_a_likely_agreement_has_the_words_behind_the_initials_and_the_same_parties(text, is_likely):
    known = Agreement.objects.create(
        slug="de", title="Memorandum of Understanding on Desert Ecology", acronyms=["MDE"]
    )
    for country in ("SG", "KR"):
        Party.objects.create(agreement=known, country=country)
    make_live(body=text)
    assert suggestions.find_likely_agreement(suggested()["new"], Agreement.objects.all()) == (
        known if is_likely else None
    )


def test_a_signing_tells_who_signed(pact):
    make_live(
        body="The Sea Agreement was signed on 3 May 2023 by Minister for Fish Dr Anna Lim and Mr Peter Ng."
    )
    event = suggested()["event"]
    assert event.people == ["Dr Anna Lim, Minister for Fish", "Mr Peter Ng"]
    decisions.accept_suggestion(event, actor=make_user(), at=NOON)
    assert [(one.person, one.office) for one in pact.signatories.all()] == [
        ("Dr Anna Lim", "Minister for Fish"),
        ("Mr Peter Ng", ""),
    ]


def test_a_new_name_that_is_like_a_known_one_is_merged_by_one_click(client):
    known = Agreement.objects.create(slug="fish", title="Agreement on the Trade of Fish and Prawns")
    make_live(body="Today they spoke of the Fish Trade Agreement (FITA).")
    new = suggested()["new"]
    client.force_login(User.objects.create_superuser("chief", password="a long enough password"))
    listed = client.get(reverse("admin:releases_suggestion_changelist")).content.decode()
    assert "Merge into Agreement on the Trade of Fish and Prawns" in listed
    client.post(reverse("admin:releases_suggestion_decide", args=[new.pk, "merge"]))
    known.refresh_from_db()
    assert (known.former_titles, known.acronyms) == (["Fish Trade Agreement"], ["FITA"])
    assert Agreement.objects.count() == 1


def test_merging_what_is_like_nothing_decides_nothing(edition):
    new = suggested()["new"]
    assert decisions.merge_suggestion(new, actor=make_user(), at=NOON) is None
    assert Suggestion.objects.get(pk=new.pk).state == "open"


def test_a_party_that_the_record_does_not_have_is_a_finding(pact):
    Party.objects.create(agreement=pact, country="SG")
    Party.objects.create(agreement=pact, country="KR", position=2)
    right = make_live(body="The Sea Agreement between Korea and Singapore is good.")
    wrong = make_live(body="4. The Sea Agreement between Japan and Singapore is good.")
    loose = make_live(body="The Sea Agreement helps trade between Japan and Chile.")
    assert find_contradictions(right) == find_contradictions(loose) == []
    (finding,) = find_contradictions(wrong)
    assert finding.words == (
        "Sea Agreement: the text names Japan as a party, the record Singapore and South Korea."
    )
    assert finding.paragraph == 4


def test_saving_a_text_that_speaks_of_an_agreement_says_so(pact, client):
    client.force_login(User.objects.create_superuser("chief", password="a long enough password"))
    section = make_section()
    data = {
        "title": "On fish",
        "permalink": "/news/fish/",
        "section": section.pk,
        "form": "text",
        "language": "en",
        "release_date": "2024-03-01",
        "body": "The Sea Agreement (SEAP) holds.",
        "version": "0",
        **{
            f"{prefix}-{name}": "0"
            for prefix in ("issuers", "annexes", "illustrations")
            for name in ("TOTAL_FORMS", "INITIAL_FORMS")
        },
    }
    page = client.post(reverse("admin:releases_edition_add"), data, follow=True).content.decode()
    assert "The text seems to speak of an agreement." in page
    assert Suggestion.objects.get().agreement == pact


def test_the_queue_takes_one_click_each(edition, client):
    chief = User.objects.create_superuser("chief", password="a long enough password")
    client.force_login(chief)
    found = suggested()
    listed = client.get(reverse("admin:releases_suggestion_changelist")).content.decode()
    assert "will enter into force on 14 January 2023" in listed
    for rule, verb in (("name", "accept"), ("new", "dismiss")):
        url = reverse("admin:releases_suggestion_decide", args=[found[rule].pk, verb])
        assert client.get(url, follow=True).status_code == 200
        assert Suggestion.objects.get(rule=rule).state == "open"
        client.post(url)
    assert {one.rule: one.state for one in Suggestion.objects.all()} == {
        "name": "accepted",
        "new": "dismissed",
        "event": "open",
    }


def test_what_the_register_holds_already_is_not_suggested(edition, pact):
    Mention.objects.create(agreement=pact, release=edition.release)
    AgreementEvent.objects.create(
        agreement=pact, kind="entry-into-force", date="2023-01-14", release=edition.release
    )
    assert list(suggested()) == ["new"]


def test_accepting_an_event_that_is_recorded_without_evidence_gives_it_the_release(edition, pact):
    AgreementEvent.objects.create(
        agreement=pact, kind="entry-into-force", date="2023-01-14", note="As typed."
    )
    decisions.accept_suggestion(suggested()["event"], actor=make_user(), at=NOON)
    event = pact.events.get()
    assert (event.release, event.note) == (edition.release, "As typed.")


def test_the_queue_tells_what_accepting_writes_down(pact, client):
    make_live(
        body="The Sea Agreement was signed on 3 May 2023 by Minister for Fish Dr Anna Lim."
        " Today came the Fish Trade Agreement (FITA) between Chile and Norway."
    )
    suggested()
    client.force_login(User.objects.create_superuser("chief", password="a long enough password"))
    page = client.get(reverse("admin:releases_suggestion_changelist")).content.decode()
    for words in (
        "Suggestions",
        "Sea Agreement: Signed<br>on 3 May 2023<br>signed by Dr Anna Lim, Minister for Fish",
        "Fish Trade Agreement<br>acronym FITA<br>between Chile and Norway",
    ):
        assert words in page


@pytest.mark.parametrize("verb, left", [("accept", (1, 1)), ("dismiss", (0, 0))])
def test_two_clicks_are_one(edition, pact, client, verb, left):
    client.force_login(User.objects.create_superuser("chief", password="a long enough password"))
    found = suggested()
    url = reverse("admin:releases_suggestion_decide", args=[found["event"].pk, verb])
    pages = [client.post(url, follow=True).content.decode() for _ in range(2)]
    assert (pact.events.count(), Mention.objects.count()) == left
    assert LedgerEntry.objects.filter(verb="suggestion").count() == 1
    assert ": 1." in pages[0] and "Nothing was left to decide there." in pages[1]


def test_what_one_state_did_is_an_action_of_that_party(pact):
    Party.objects.create(agreement=pact, country="SG")
    make_live(
        body="Iceland has today deposited its instrument of accession to the Sea Agreement.",
        release_date=dt.date(2023, 5, 3),
    )
    event = suggested()["event"]
    assert (event.event_kind, event.parties) == ("accession", ["IS"])
    decisions.accept_suggestion(event, actor=make_user(), at=NOON)
    action = PartyAction.objects.get()
    assert (action.party.country.code, action.kind, action.action_on) == (
        "IS",
        "accession",
        dt.date(2023, 5, 3),
    )
    assert "accession" not in [one.event_kind for one in suggested_anew()]


def suggested_anew():
    Suggestion.objects.all().delete()
    suggestions.save_suggestions(suggestions.newest_editions())
    return Suggestion.objects.all()


@pytest.mark.parametrize("verb, rows", [("accept", 1), ("dismiss", 0)])
def test_a_decision_is_taken_back_with_what_it_wrote_and_nothing_else(verb, rows):
    make_live(
        body="Dr Anna Lim and Mr Peter Ng met. The Treaty on Help at Sea was signed by Dr Anna Lim today.",
        release_date=dt.date(2023, 5, 3),
    )
    found, chief = suggested(), make_user(is_superuser=True)
    for rule in ("event", "new"):
        assert decide_suggestions(verb, [found[rule]], actor=chief, at=NOON).number == 1
    left = [Mention, AgreementEvent, Signatory, Agreement]
    assert [model.objects.count() for model in left] == [rows] * 4
    undone = [
        decide_suggestions("undo", [found[rule]], actor=chief, at=NOON).number
        for rule in ("event", "event", "new")
    ]
    assert undone == [1, 0, 1]
    assert not any(model.objects.exists() for model in left)
    assert {one.state for one in Suggestion.objects.all()} == {"open"}
    assert LedgerEntry.objects.filter(verb="suggestion").count() == 4


def test_taking_back_a_merge_leaves_the_record_its_own_names(pact):
    make_live(body="Today they signed the Fish Trade Agreement (FITA).")
    new = suggested()["new"]
    new.agreement = pact
    new.save()
    decisions.accept_suggestion(new, actor=make_user(), at=NOON)
    decisions.undo_suggestion(new, actor=make_user(username="other"), at=NOON)
    pact.refresh_from_db()
    assert (pact.former_titles, pact.acronyms) == ([], ["SEAP"])


def test_accepting_leads_to_the_record_and_may_be_undone_there(edition, client):
    client.force_login(User.objects.create_superuser("chief", password="a long enough password"))
    new = suggested()["new"]
    made = client.post(reverse("admin:releases_suggestion_decide", args=[new.pk, "edit"]))
    agreement = Agreement.objects.get(title="Fish Trade Agreement")
    record = reverse("admin:releases_agreement_change", args=[agreement.pk])
    assert made.url == record
    listed = client.get(reverse("admin:releases_suggestion_changelist")).content.decode()
    undo = reverse("admin:releases_suggestion_decide", args=[new.pk, "undo"])
    assert f'<a href="{record}">' in listed and f'formaction="{undo}"' in listed
    assert "Open again: 1." in client.post(undo, follow=True).content.decode()
    assert not Agreement.objects.filter(pk=agreement.pk).exists()


def test_a_late_click_does_not_undo_the_first(edition, pact):
    event = suggested()["event"]
    assert decide_suggestions("dismiss", [event], actor=make_user(), at=NOON).number == 1
    assert decide_suggestions("accept", [event], actor=make_user(), at=NOON).number == 0
    assert Suggestion.objects.get(pk=event.pk).state == "dismissed" and not pact.events.exists()


def test_a_merge_that_finds_nothing_alike_says_so(edition, client):
    client.force_login(User.objects.create_superuser("chief", password="a long enough password"))
    url = reverse("admin:releases_suggestion_decide", args=[suggested()["new"].pk, "merge"])
    assert "Nothing was left to decide there." in client.post(url, follow=True).content.decode()
    assert Suggestion.objects.get(rule="new").state == "open"


def test_a_date_that_differs_from_the_record_is_one_finding(edition, pact):
    event = AgreementEvent.objects.create(agreement=pact, kind="entry-into-force", date="2023-01-14")
    assert find_contradictions(edition) == []
    AgreementEvent.objects.filter(pk=event.pk).update(date="2023-01-15")
    (finding,) = find_contradictions(edition)
    assert finding.paragraph == 1
    assert finding.words == (
        "Sea Agreement, entered into force: the text says 14 January 2023, the record says 15 January 2023."
    )


def test_a_day_of_another_agreement_or_of_one_party_is_no_finding(pact):
    AgreementEvent.objects.create(agreement=pact, kind="signed", date="2022-11-21")
    AgreementEvent.objects.create(agreement=pact, kind="entry-into-force", date="2023-01-14")
    other = make_live(body="Building on the SEAP, they signed the Fish MOU on 6 December 2022.")
    one_party = make_live(body="The SEAP will enter into force for Chile on 23 November 2023.")
    wrong = make_live(body="The SEAP was signed on 22 November 2022, before the Fish MOU.")
    assert find_contradictions(other) == find_contradictions(one_party) == []
    assert len(find_contradictions(wrong)) == 1


def test_a_signatory_whom_the_text_does_not_name_is_a_finding(pact):
    Signatory.objects.create(agreement=pact, person="Dr Anna Lim")
    named = make_live(body="The Sea Agreement was signed by Anna Lim.")
    other = make_live(body="The Sea Agreement was signed by Peter Ng.")
    assert find_contradictions(named) == []
    assert "names Dr Anna Lim" in find_contradictions(other)[0].words


def test_the_findings_stand_before_the_approval(edition, pact, client):
    AgreementEvent.objects.create(agreement=pact, kind="entry-into-force", date="2023-01-15")
    client.force_login(User.objects.create_superuser("chief", password="a long enough password"))
    draft = type(edition).objects.get(pk=edition.pk)
    draft.pk, draft.number, draft.state, draft.live_from, draft.first_live_at = None, 2, "draft", None, None
    draft.based_on = edition
    draft._state.adding = True
    draft.save()
    page = client.get(reverse("admin:releases_edition_do", args=[draft.pk, "approve"])).content.decode()
    assert "Paragraph 1:" in page and "the record says 15 January 2023" in page


@pytest.mark.parametrize(
    "title",
    [
        "Memorandum of Understanding between I am pleased to announce",
        "This Mutual Recognition Arrangement",
        "Mutual Recognition Arrangement",
        "Cooperation Agreement with their Shanghai counterparts",
        "Agreement with ITE is a good example of",
    ],
)
def test_a_piece_of_a_sentence_is_no_name(title):
    assert suggestions.FRAGMENT.search(title)
    assert not suggestions.FRAGMENT.search("Mutual Recognition Arrangement on Cyber Labels with Finland")


def test_a_name_that_several_releases_give_is_one_row_and_decided_once(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    for number in range(3):
        make_live(title=f"Release {number}", body="Both will sign the Fish Trade Agreement (FITA).\n")
    suggestions.save_suggestions(suggestions.newest_editions())
    queue = reverse("admin:releases_suggestion_changelist") + "?state__exact=open"
    page = client.get(queue)
    [row] = [one for one in page.context["cl"].result_list if one.rule == "new"]
    assert "and in 2 other releases" in page.content.decode()
    client.post(reverse("admin:releases_suggestion_decide", args=[row.pk, "accept"]))
    assert Mention.objects.filter(agreement=Agreement.objects.get()).count() == 3
    assert not Suggestion.objects.filter(rule="new", state="open").exists()
