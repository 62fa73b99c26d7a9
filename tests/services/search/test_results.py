import datetime as dt
from pathlib import Path

import pytest
from django.db import connection

from releases.models import Agreement, Edition, Mention
from releases.services.editions.pagination import BadCursor
from releases.services.files.inspection import inspect_file
from releases.services.publishing import approval
from releases.services.search import candidates, engine, facets, index_blob, index_missing, ranking
from releases.services.search.filters import Filters
from releases.services.search.results import offer_agencies, search, search_with_facets
from releases.services.search.synonyms import add_synonyms
from tests.factories import NOON, make_agency, make_edition, make_live, make_next, make_section, make_user

SAMPLE = Path(__file__).parents[3] / "fixtures" / "site"
pytestmark = pytest.mark.django_db
NOW = NOON + dt.timedelta(days=1)


def found(now=NOW, **asked):
    return [edition.title for edition in search(now, Filters.read(asked)).editions]


def make_text(title, text, **fields):
    return make_live(title=title, body=text, body_html=f"<p>{text}</p>", **fields)


def with_page(edition, *pages):
    blob = edition.annexes.get().blob
    blob.text = "\f".join(pages)
    blob.save()
    index_blob(blob)


@pytest.mark.parametrize(
    "asked, titles",
    [
        ("treaty", ["Treaties"]),
        ("TREATIES", ["Treaties"]),
        ("cafe", ["Café"]),
        ('"fish stocks"', ["Fish"]),
        ("fish -stocks", ["Chips"]),
        ("数字", ["数字经济"]),
        ("字经", ["数字经济"]),
        ("ekonomi", ["Melayu"]),
        ("நாட்டில்", ["Tamil"]),
        ("nothing-like-it", []),
        ("') OR 1=1 --", []),
        ("fish AND OR NOT NEAR(", ["Fish", "Chips"]),
        ("title:fish", []),
    ],
)
def test_words_find_what_holds_them(asked, titles):
    make_text("Treaties", "An old text")
    make_text("Café", "A house")
    make_text("Fish", "Fish stocks of the sea")
    make_text("Chips", "Battered fish")
    make_text("数字经济", "发展")
    make_text("Melayu", "Ekonomi digital")
    make_text("Tamil", "தமிழ் நாட்டில்")
    assert found(q=asked) == titles


def test_a_title_comes_before_a_phrase_before_words_before_an_annex():
    day = dt.date(2024, 1, 1)
    annexed = make_text(
        "Annexed", "Nothing", release_date=day + dt.timedelta(days=9), annexes=[("/a.pdf", b"%PDF-1")]
    )
    with_page(annexed, "The blue economy")
    make_text("Apart", "Blue is the economy", release_date=day + dt.timedelta(days=8))
    make_text("Together", "A blue economy", release_date=day + dt.timedelta(days=7))
    make_text("Blue economy", "x", release_date=day)
    assert found(q="blue economy") == ["Blue economy", "Together", "Apart", "Annexed"]
    assert found(q="blue economy", sort="newest") == ["Annexed", "Apart", "Together", "Blue economy"]
    assert found(q="blue economy", sort="oldest")[0] == "Blue economy"


def test_a_hit_in_an_annex_names_the_page():
    edition = make_text("A", "Text", annexes=[("/a.pdf", b"%PDF-1 x", "Annex A", "Figures")])
    with_page(edition, "First page", "The tonnage of herring")
    hit = search(NOW, Filters.read({"q": "herring"})).editions[0].hit
    assert (hit.label, hit.page) == ("Annex A", 2)
    assert ("herring", True) in hit.pieces


def test_words_in_the_text_and_in_an_annex_are_found_together():
    edition = make_text("A", "Norway", annexes=[("/a.pdf", b"%PDF-1 y")])
    with_page(edition, "herring")
    assert found(q="norway herring") == ["A"]
    assert found(q="norway -herring") == []


def test_the_text_of_a_real_pdf_is_found_once_it_has_been_read():
    path = next(SAMPLE.rglob("annex a*korea*.pdf"))
    edition = make_text("A", "x", annexes=[("/a.pdf", path.read_bytes())])
    assert found(q="electronic payments") == []
    inspect_file(edition.annexes.get().blob)
    assert found(q="payments") == ["A"]


def test_filters_leave_what_has_them_all():
    mti, imda = make_agency(), make_agency("imda", "Infocomm", "IMDA")
    speeches = make_section("/news/speeches/", "Speeches", "speech")
    make_live(
        title="Joint", issuers=[mti, imda], release_date=dt.date(2023, 1, 1), annexes=[("/a.pdf", b"%PDF-1")]
    )
    talk = make_live(
        title="Talk", issuers=[imda], section=speeches, release_date=dt.date(2024, 1, 1), language="zh"
    )
    pact = Agreement.objects.create(slug="pact", title="Pact", instrument_type="treaty")
    Mention.objects.create(agreement=pact, release=talk.release)
    assert found(agency="imda") == ["Talk", "Joint"]
    assert found(agency="imda", year="2023") == ["Joint"]
    for name, value in (
        ("kind", "speech"),
        ("kind", "Speech"),
        ("language", "zh"),
        ("agreement", "pact"),
        ("section", "news/speeches"),
    ):
        assert found(**{name: value}) == ["Talk"]
    assert found(annex="yes") == ["Joint"]
    assert found(year="twelve") == found(agency="nobody") == []


def test_counts_tell_what_each_choice_would_leave():
    mti, imda = make_agency(), make_agency("imda", "Infocomm", "IMDA")
    make_live(issuers=[mti, imda], release_date=dt.date(2023, 1, 1))
    make_live(issuers=[imda], release_date=dt.date(2024, 1, 1), annexes=[("/a.pdf", b"%PDF-1")])
    counted = search_with_facets(NOW, Filters()).facets
    assert counted.total == 2
    options = {
        name: [(option.value, option.count) for option in rows] for name, rows in counted.options.items()
    }
    assert options["agency"] == [("imda", 2), ("mti", 1)]
    assert options["year"] == [("2024", 1), ("2023", 1)]
    assert options["annex"] == [("yes", 1)]
    assert search_with_facets(NOW, Filters.read({"year": "1999"})).facets.total == 0


def test_what_is_to_come_is_neither_found_nor_counted():
    make_live(title="Known")
    draft = make_edition(title="Unannounced zeppelin", body_html="<p>zeppelin</p>")
    approval.approve(draft, approver=make_user(), at=NOW, live_from=NOW + dt.timedelta(hours=1))
    assert found(q="zeppelin") == []
    assert search_with_facets(NOW, Filters.read({"q": "zeppelin"}))[1].total == 0
    assert search_with_facets(NOW, Filters())[1].total == 1
    assert found(NOW + dt.timedelta(hours=1), q="zeppelin") == ["Unannounced zeppelin"]


def test_a_superseded_text_is_not_found():
    edition = make_text("A", "herring")
    following = make_next(edition, author=make_user(), at=NOW)
    type(following).objects.filter(pk=following.pk).update(
        body_html="<p>cod</p>", change_class="update", change_note="x"
    )
    approval.approve(following, approver=make_user(), at=NOW)
    assert found(q="herring") == [] and found(q="cod") == ["A"]


@pytest.mark.parametrize("most_sorted", [0, 100])
@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_pages_follow_each_other_without_gap_or_repeat(monkeypatch, sort, most_sorted):
    monkeypatch.setattr(engine, "MOST_SORTED", most_sorted)
    for number in range(7):
        make_text(
            f"Fish {number}" if number % 2 else f"N {number}",
            "fish",
            release_date=dt.date(2024, 1, 1 + number // 3),
        )
    filters = Filters.read({"q": "fish", "sort": sort})
    seen = keys_of_all_pages(filters)
    assert len(seen) == len(set(seen)) == 7
    assert seen == [edition.pk for edition in search(NOW, filters).editions]


def keys_of_all_pages(filters):
    """Two on each."""
    seen, before = [], ""
    while True:
        listing = search(NOW, filters, before, length=2)
        seen += [edition.pk for edition in listing.editions]
        before = listing.older
        if not before:
            return seen


@pytest.mark.parametrize("most_read", [1, 4, 7])
def test_pages_of_a_common_word_go_through_what_is_read_whole_and_what_is_not(monkeypatch, most_read):
    for number in range(7):
        make_text(f"Fish {number}" if number % 3 else "N", "fish", release_date=dt.date(2024, 1, 1 + number))
    make_text("Older", "fish", release_date=dt.date(2023, 1, 1))
    monkeypatch.setattr(candidates, "MOST_FOUND", 7)
    for statement in ("_keys_statement", "_most_statement"):
        monkeypatch.setattr(candidates, statement, getattr(candidates, statement).__wrapped__)
    monkeypatch.setattr(ranking, "MOST_READ", most_read)
    titles = list(Edition.objects.in_bulk(keys := keys_of_all_pages(Filters.read({"q": "fish"}))).values())
    by_key = {edition.pk: edition.title for edition in titles}
    assert [by_key[key][:4] for key in keys] == ["Fish"] * 4 + ["N"] * 3


@pytest.mark.parametrize("before", ["x", "9:20240101-1-1", "1:", "20240101-1-0", "x-1-1", "20"])
def test_a_position_that_nobody_was_given_is_refused(before):
    with pytest.raises(BadCursor):
        search(NOW, Filters(), before)


@pytest.mark.parametrize("before", ["x", "0", "-1", "1000", "²", "20240101-1-1"])
def test_a_place_among_the_best_that_nobody_was_given_is_refused(before):
    with pytest.raises(BadCursor):
        search(NOW, Filters.read({"q": "fish"}), before)


def test_what_an_import_left_unindexed_is_indexed_later():
    make_text("A", "herring")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM releases_edition_words")
    assert found(q="herring") == []
    index_missing(lambda rows, title: rows)
    assert found(q="herring") == ["A"]


@pytest.mark.parametrize("most_sorted", [0, 100])
def test_of_what_very_many_hold_the_newest_are_ranked_and_counted(monkeypatch, most_sorted):
    monkeypatch.setattr(engine, "MOST_SORTED", most_sorted)
    for module in (candidates, facets):
        monkeypatch.setattr(module, "MOST_FOUND", 3)
    for statement in ("_keys_statement", "_most_statement"):
        monkeypatch.setattr(candidates, statement, getattr(candidates, statement).__wrapped__)
    for year in range(2020, 2025):
        title = "Fish" if year in (2020, 2022) else f"Of {year}"
        make_text(title, "fish", release_date=dt.date(year, 1, 1))
    listing, counted, *_ = search_with_facets(NOW, Filters.read({"q": "fish"}))
    assert [edition.title for edition in listing.editions] == ["Fish", "Of 2024", "Of 2023"]
    assert (counted.total, counted.is_cut) == (4, True)
    assert [(option.value, option.count) for option in counted.options["year"]] == [
        ("2024", 1),
        ("2023", 1),
        ("2022", 1),
    ]
    assert len(found(q="fish", sort="newest")) == len(found(q="fish", sort="oldest")) == 5
    assert not search_with_facets(NOW, Filters.read({"q": "fish", "year": "2020"})).facets.is_cut


def test_a_position_behind_the_last_release_is_refused():
    make_text("Fish", "fish", release_date=dt.date(2024, 1, 1))
    with pytest.raises(BadCursor):
        search_with_facets(NOW, Filters.read({"q": "fish"}), "20")


def test_what_a_text_is_about_comes_before_what_it_mentions():
    day, later = dt.date(2024, 1, 1), dt.date(2024, 2, 1)
    filler = "much else was said " * 30
    make_text("About", "The blue economy grows. " + filler, release_date=day)
    make_text("Mentions", filler + "The blue economy grows.", release_date=later)
    make_text("About, apart", "The economy is blue. " + filler, release_date=day)
    make_text("Mentions, apart", filler + "The economy is blue.", release_date=later)
    assert found(q="blue economy") == ["About", "About, apart", "Mentions", "Mentions, apart"]


def test_a_date_finds_what_was_released_then_and_what_speaks_of_it():
    make_text("Herring", "Fish", release_date=dt.date(2023, 1, 13))
    make_text("Cod", "As we said on 13 January 2023", release_date=dt.date(2024, 1, 1))
    make_text("Herring again", "Fish", release_date=dt.date(2023, 2, 1))
    assert found(q="13 January 2023") == ["Herring", "Cod"]
    assert found(q="2023-01-13") == found(q="herring january 2023") == ["Herring"]
    assert found(q="herring 2023") == ["Herring", "Herring again"]
    assert found(q="herring -2023") == []
    assert found(q="31 june 2023") == []


def test_everyday_words_are_not_needed_and_do_not_weigh():
    make_text("Herring quotas", "Fish")
    make_text("What is to be said because of it", "All of these are for you")
    assert found(q="why are there quotas for the herring") == ["Herring quotas"]
    assert found(q="what is it") == ["What is to be said because of it"]


def test_where_few_have_all_words_those_that_have_most_follow():
    make_text("Herring quotas of 2024 in Norway", "x")
    make_text("Herring quotas", "x")
    make_text("Cod", "x")
    listing, _, missing, is_partial = search_with_facets(NOW, Filters.read({"q": "herring quotas norway"}))
    titles = ["Herring quotas of 2024 in Norway", "Herring quotas"]
    assert [edition.title for edition in listing.editions] == titles
    assert (missing, is_partial) == ((), True)
    assert found(q="herring quotas norway", sort="newest") == titles[::-1]
    assert found(q="herring quotas norway", sort="oldest") == titles


def test_a_short_text_about_something_stands_before_a_long_one_that_mentions_it_as_often():
    make_text("Long", f"herring quotas {'of other words ' * 400} herring", release_date=dt.date(2024, 2, 1))
    make_text("Short", "herring quotas and herring", release_date=dt.date(2024, 1, 1))
    assert found(q="herring quotas") == ["Short", "Long"]


def test_an_everyday_word_finds_what_offices_call_it_behind_what_has_the_word():
    make_text("Breach of customer records", "x", release_date=dt.date(2024, 2, 1))
    make_text("Leak of customer records", "x", release_date=dt.date(2024, 1, 1))
    make_text("Harbour", "x")
    typed = add_synonyms(NOW, Filters.read({"q": "customer leak"}))
    listing, _, missing, _ = search_with_facets(NOW, typed)
    assert [edition.title for edition in listing.editions] == [
        "Leak of customer records",
        "Breach of customer records",
    ]
    assert missing == ()


def test_a_word_that_only_stands_as_another_is_not_missing():
    make_text("Breach of customer records", "x")
    typed = add_synonyms(NOW, Filters.read({"q": "leak"}))
    listing, _, missing, _ = search_with_facets(NOW, typed)
    assert ([edition.title for edition in listing.editions], missing) == (["Breach of customer records"], ())


def test_a_run_of_ideographs_that_stands_nowhere_as_a_whole_finds_what_has_its_words():
    make_text("苏州工业园区", "三十年")
    make_text("数字经济", "发展")
    typed = add_synonyms(NOW, Filters.read({"q": "苏州园区周年"}))
    listing, _, missing, _ = search_with_facets(NOW, typed)
    assert ([edition.title for edition in listing.editions], missing) == (["苏州工业园区"], ())


def test_a_word_that_nothing_has_is_told_and_left_out():
    make_text("Herring quotas", "x")
    listing, _, missing, _ = search_with_facets(NOW, Filters.read({"q": "herring quotas zebra"}))
    assert ([edition.title for edition in listing.editions], missing) == (["Herring quotas"], ("zebra",))


def test_a_word_that_only_a_hidden_release_has_is_missing_like_one_that_none_has():
    make_text("Herring quotas", "x")
    make_text("Zebra", "herring", at=NOW + dt.timedelta(days=9))
    zebra, unicorn = (
        search_with_facets(NOW, Filters.read({"q": f"herring {word}"})) for word in ("zebra", "unicorn")
    )
    assert (zebra.missing, unicorn.missing) == (("zebra",), ("unicorn",))
    assert (zebra.facets, zebra.is_partial) == (unicorn.facets, unicorn.is_partial)


def test_words_on_different_pages_of_an_annex_count_and_the_best_page_is_shown():
    edition = make_text("A", "x", annexes=[("/a.pdf", b"%PDF-1 z")])
    with_page(edition, "Herring", "Herring quotas in Norway", "Norway")
    make_text("Norway", "x")
    best, *_ = search(NOW, Filters.read({"q": "herring quotas norway"})).editions
    assert (best.title, best.hit.page) == ("A", 2)


def test_a_filter_offers_the_agencies_that_issued_the_most(monkeypatch):
    monkeypatch.setattr(facets, "MOST_OPTIONS", 2)
    some, few, one = (make_agency(slug, slug.upper(), slug.upper()) for slug in ("mti", "imda", "csa"))
    for agency, number in ((some, 3), (few, 2), (one, 1)):
        for _ in range(number):
            make_live(issuers=[agency])
    counted = search_with_facets(NOW, Filters()).facets
    assert [option.value for option in counted.options["agency"]] == ["mti", "imda"]
    filters = Filters.read({"agency": "csa"})
    chosen = search_with_facets(NOW, filters).facets
    assert [option.value for option in chosen.options["agency"]] == ["csa"]
    offered = offer_agencies(NOW, filters, chosen)
    assert [(option.value, option.count) for option in offered] == [("csa", 1), ("mti", 3), ("imda", 2)]


def test_releases_of_any_chosen_agency_are_found_and_of_all_days_between():
    agencies = [make_agency(slug, slug.upper(), slug.upper()) for slug in ("mti", "imda", "csa")]
    for number, agency in enumerate(agencies, 1):
        make_live(title=agency.slug, issuers=[agency], release_date=dt.date(2024, number, 28))
    assert found(agency=["mti", "csa"]) == ["csa", "mti"]
    assert found(**{"from": "28/1/2024", "to": "February 2024"}) == ["imda", "mti"]
    assert found(**{"from": "2024-02-29"}) == ["csa"] and found(to="27/1/2024") == []
    assert found(**{"from": "May 2024", "to": "2023", "year": "2024", "agency": ["csa", "imda"]}) == [
        "csa",
        "imda",
    ]
    assert found(**{"from": "29/2/2024", "year": "2023"}) == []


def test_a_kind_that_has_one_section_each_is_told():
    for kind, folder in (("speech", "speeches"), ("parliamentary-reply", "replies")):
        make_live(kind=kind, section=make_section(f"/news/{folder}/", folder, kind))
    assert search_with_facets(NOW, Filters()).facets.is_by_section
    make_live(kind="speech", section=make_section("/news/replies/", "replies", "speech"))
    assert not search_with_facets(NOW, Filters()).facets.is_by_section
