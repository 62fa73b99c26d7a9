"""The register, the dossier, the queue and the form of an agreement: in both schemes, narrow and wide, and on
paper."""

import datetime as dt

import pypdfium2
import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from releases.models import (
    Agreement,
    AgreementEvent,
    AgreementText,
    Mention,
    Party,
    PartyAction,
    Relation,
    Signatory,
    Suggestion,
)
from releases.services.agreements import suggestions
from tests.browser.hands import SMALL, send, show_scheme, sign_in
from tests.factories import NOON, make_agency, make_live

WIDTHS = pytest.mark.parametrize("width", [320, 1280])
PUBLIC = [
    "/agreements/",
    "/agreements/?party=Norway",
    "/agreements/sea/",
    "/agreements/sea/?as-at=2022-11-20",
]
DESK = [
    "releases_suggestion_changelist",
    "releases_suggestion_change",
    "releases_agreement_change",
    "releases_party_change",
]


@pytest.fixture
def pact(site):
    """A record that holds one of everything."""
    agreement = Agreement.objects.create(
        slug="sea",
        title="Agreement on the Sea and all that lives in it",
        acronyms=["SEAP"],
        former_titles=["Pact of the Shore"],
        instrument_type="treaty",
        binding="binding",
        summary="What may be fished, and by whom.",
        subjects=["fish"],
        duration="Ten years",
        renewal="By notes, a year before its end",
        expires_on="2999-01-14",
        depositary="Norway",
        registration="UN No. 7",
        contact="sea@example.org",
        lead_agency=make_agency(),
        source_url="https://www.example.org/sea",
    )
    parties = [
        Party.objects.create(agreement=agreement, country=code) for code in ("SG", "NO", "CL", "KR", "NZ")
    ]
    parties.append(
        Party.objects.create(agreement=agreement, kind="agency", agency=make_agency("fish", "Fish Board"))
    )
    Signatory.objects.create(
        agreement=agreement, party=parties[0], person="A. Tan", office="Minister for Fish"
    )
    release = make_live(
        title="The sea agreement is signed",
        body="The SEAP was signed on 21 November 2022 by Dr Anna Lim, Minister for Fish.",
        annexes=[("/files/sea.pdf", b"%PDF-1 the sea", "Annex A", "The text")],
        release_date=dt.date(2022, 11, 21),
    ).release
    for kind, date, facts in (
        ("concluded", "2021-12-15", {"source": "Gazette of 2021", "note": "After two years."}),
        ("signed", "2022-11-21", {"release": release, "place": "Oslo"}),
        ("entry-into-force", "2023-01-14", {"source_url": "https://www.example.org/register"}),
        ("amended", "2999-01-01", {}),
    ):
        AgreementEvent.objects.create(agreement=agreement, kind=kind, date=date, public_from=NOON, **facts)
    for party, kind in ((parties[0], "ratification"), (parties[2], "accession"), (parties[3], "withdrawal")):
        PartyAction.objects.create(
            party=party,
            kind=kind,
            action_on="2022-12-01",
            effective_on="2023-01-14",
            public_from=NOON,
            statement="With a note.",
            source="Treaty Series 7",
        )
    blob = release.editions.get().annexes.get().blob
    AgreementText.objects.create(agreement=agreement, language="ko", blob=blob)
    for number, kind in enumerate(("implements", "amends")):
        other = Agreement.objects.create(slug=f"o{number}", title=f"Memorandum number {number}")
        AgreementEvent.objects.create(agreement=other, kind="signed", date="2024-01-01", public_from=NOON)
        Relation.objects.create(agreement=other, kind=kind, other=agreement)
    Mention.objects.create(agreement=agreement, release=release)
    make_live(
        title="Fish",
        body="The Fish Trade Agreement (FITA) between Chile and Norway was signed on 3 May 2024. The SEAP holds.",
    )
    suggestions.save_suggestions(suggestions.newest_editions())
    return agreement


@pytest.fixture
def desk(page, site):
    return sign_in(page, site, User.objects.create_superuser("chief"))


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@WIDTHS
@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_accessible_and_fits(page, site, pact, violations, complaints, path, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site + path)
    assert complaints == []
    assert violations(page) == []
    assert fits(page)
    show_scheme(page, "dark")
    assert violations(page, "color-contrast") == []


@WIDTHS
@pytest.mark.parametrize("name", DESK)
def test_a_page_of_the_desk_is_accessible_and_fits(desk, site, pact, violations, complaints, name, width):
    found = {
        "releases_suggestion_change": Suggestion.objects.first(),
        "releases_agreement_change": pact,
        "releases_party_change": pact.parties.first(),
    }.get(name)
    desk.set_viewport_size({"width": width, "height": 900})
    desk.goto(site + reverse(f"admin:{name}", args=[found.pk] if found else []))
    assert complaints == []
    assert violations(desk) == []
    assert fits(desk)
    show_scheme(desk, "dark")
    assert violations(desk, "color-contrast") == []


def test_a_suggestion_is_decided_with_one_click(desk, site, pact):
    desk.goto(site + reverse("admin:releases_suggestion_changelist") + "?state__exact=open")
    row = desk.locator("#result_list tbody tr", has_text="Names a known agreement")
    assert "The SEAP holds." in row.inner_text()
    with desk.expect_navigation():
        row.get_by_role("button", name="Accept", exact=True).click()
    assert "Accepted: 1." in desk.inner_text(".messagelist")
    assert Mention.objects.filter(agreement=pact).count() == 2
    assert desk.locator("#result_list tbody tr", has_text="Names a known agreement").count() == 0


def test_an_agreement_of_two_parties_and_three_events_is_seen_at_a_glance(desk, site, violations):
    """Rows are lines that say who, what and what readers see of it; a state is typed by its name."""
    pact = Agreement.objects.create(slug="sea", title="Agreement on the Sea", lead_agency=make_agency())
    singapore, _ = (Party.objects.create(agreement=pact, country=code) for code in ("SG", "KR"))
    Signatory.objects.create(agreement=pact, party=singapore, person="A. Tan", office="Minister for Fish")
    release = make_live(title="The sea agreement is signed").release
    for kind, facts in (
        ("concluded", {"place": "Oslo"}),
        ("signed", {"release": release}),
        ("entry-into-force", {"public_from": NOON}),
    ):
        AgreementEvent.objects.create(agreement=pact, kind=kind, date="2022-11-21", **facts)
    Mention.objects.create(agreement=pact, release=release)
    desk.set_viewport_size({"width": 1280, "height": 900})
    desk.goto(site + reverse("admin:releases_agreement_change", args=[pact.pk]))
    assert desk.evaluate("document.documentElement.scrollHeight") <= 2_000
    assert desk.eval_on_selector_all("main :is(input, select, textarea)", SMALL) == []
    seen = desk.inner_text("main")
    for words in (
        "Minister for Fish, for Singapore",
        "Oslo · hidden from readers",
        "public with “The sea agreement is signed”",
        "public from 1 Mar 2024 12:00",
    ):
        assert words in seen
    for row in (
        "#events-1 summary",
        "#parties-0 summary",
        "#signatories-0 summary",
        ".fold-responsible summary",
    ):
        desk.click(row)
    desk.click("text=Add another Party")
    desk.click("text=Add another Event")
    expect(desk.locator("[data-unsaved]")).to_have_text("Unsaved changes")
    assert violations(desk) == []
    desk.fill("#id_parties-2-country", "Atlantis")
    desk.click("#events-3 button:text('09:00')")
    assert desk.input_value("#id_events-3-public_from").endswith("T09:00")
    desk.click("#events-3 .inline-deletelink")
    send(desk, "button[name=_continue]")
    expect(desk.locator(".error-summary")).to_contain_text("No state is called that here.")
    expect(desk.locator("#id_parties-2-country")).to_have_value("Atlantis")
    desk.fill("#id_parties-2-country", "new zealand")
    send(desk, "button[name=_continue]")
    assert [str(party) for party in pact.parties.all()] == ["Singapore", "South Korea", "New Zealand"]


def printed(page, path, tmp_path):
    page.goto(path)
    page.pdf(path=tmp_path / "a.pdf", prefer_css_page_size=True, tagged=True)
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    text = " ".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    return len(document), " ".join(text.split())


def test_the_dossier_and_the_register_on_paper(page, site, pact, tmp_path):
    pages, text = printed(page, f"{site}/agreements/sea/", tmp_path)
    for words in (
        "In force",
        "21 November 2022",
        "Fish Board",
        "Gazette of 2021",
        "Treaty Series 7",
        "/files/sea.pdf",
    ):
        assert words in text
    assert pages <= 3 and "As it stood on" not in text
    pages, text = printed(page, f"{site}/agreements/", tmp_path)
    for words in ("Agreement on the Sea", "Singapore, Norway", "Treaty", "In force"):
        assert words in text
    assert pages == 1 and "Apply" not in text


def test_the_filters_and_the_day_need_no_script(browser, site, pact):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/agreements/")
    page.select_option("select[name=status]", "signed")
    send(page, "text=Apply")
    assert "2 agreements" in page.inner_text("main")
    page.goto(f"{site}/agreements/sea/")
    page.fill("input[name=as-at]", "2022-11-20")
    send(page, "text=Show")
    assert "This is how it stood on 20 November 2022." in page.inner_text("main")
    assert page.inner_text(".kicker .tag") == "Concluded"
