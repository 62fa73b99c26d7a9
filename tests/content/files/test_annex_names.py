import pytest

from releases.content.files.annex_names import find_candidates, split_label

FILES = [
    "files/2021/annex a key features of the harbour agreement.pdf",
    "files/2023/annex a: key features of the harbour agreement.pdf",
    "files/2021/annex a (1).pdf",
    "files/2021/annex a - list of partners.pdf",
    "files/speeches/pdf version of the speech.pdf",
    "files/annex b quotes from shipping companies.pdf",
]


@pytest.mark.parametrize(
    "label, file, expected",
    [
        ("Annex A: Key Features of the Agreement", "x.pdf", ("Annex A", "Key Features of the Agreement")),
        ("Annex A – Key Features", "x.pdf", ("Annex A", "Key Features")),
        ("**ANNEX B** - Quotes", "x.pdf", ("Annex B", "Quotes")),
        ("Annex A1 Factsheet (PDF, 1.2 MB)", "x.pdf", ("Annex A1", "Factsheet")),
        ("Annex B-1: New use cases", "x.pdf", ("Annex B-1", "New use cases")),
        ("Annex A.2 - Tables", "x.pdf", ("Annex A.2", "Tables")),
        ("Annex 1-2: Maps", "x.pdf", ("Annex 1-2", "Maps")),
        ("Annex 2A Prices", "x.pdf", ("Annex 2A", "Prices")),
        ("Annex A-2023 prices", "x.pdf", ("Annex A", "2023 prices")),
        ("Annex IV: Terms", "x.pdf", ("Annex IV", "Terms")),
        ("Appendix 2: Tables", "x.pdf", ("Appendix 2", "Tables")),
        ("Factsheet (pdf - 490kb)", "x.pdf", ("", "Factsheet")),
        ("Opening remarks by the minister [PDF, 92 KB]", "x.pdf", ("", "Opening remarks by the minister")),
        ("Annex A", "annex a - key features.pdf", ("Annex A", "Key features")),
        ("Annex A", "AI_list.pdf", ("Annex A", "")),
        ("here", "annex c: quotes from companies.pdf", ("Annex C", "Quotes from companies")),
        ("", "List_of_partners.pdf", ("", "List of partners")),
        ("<b>Annex</b>&nbsp;C: Quotes &amp; more", "x.pdf", ("Annex C", "Quotes & more")),
        ("Annex", "annex- cast and crew (2).pdf", ("Annex", "Cast and crew")),
        ("Annex: Timeline", "x.pdf", ("Annex", "Timeline")),
        ("Annex - Cast List", "x.pdf", ("Annex", "Cast List")),
        ("Annex to the report", "x.pdf", ("", "Annex to the report")),
        ("Schedule of events", "x.pdf", ("", "Schedule of events")),
        ("Annexation of waters", "x.pdf", ("", "Annexation of waters")),
        ("![Cover](/images/a.png)", "report-2021.pdf", ("", "Report-2021")),
        ("Report (2023)", "x.pdf", ("", "Report (2023)")),
    ],
)
def test_label_and_title_come_from_the_link_else_from_the_file(label, file, expected):
    assert split_label(label, file) == expected


def test_a_file_is_proposed_only_when_it_is_surely_meant():
    assert (
        find_candidates("Annex A: Key Features of the Harbour Agreement", 2021, FILES, set())[0] == FILES[0]
    )
    assert (
        find_candidates("Annex A: Key Features of the Harbour Agreement", 2023, FILES, set())[0] == FILES[1]
    )
    assert find_candidates("Annex B: Quotes from shipping companies", 1999, FILES, set())[0] == FILES[5]


@pytest.mark.parametrize(
    "label, year, linked",
    [
        ("Annex A: Key Features of the Harbour Agreement", 2022, set()),
        ("Annex A: Key Features of the Harbour Agreement", 2021, {FILES[0]}),
        ("Annex A", 2021, set()),
        ("PDF version of the speech", 2021, set()),
        ("Annex A: Key Features", 2021, set()),
        ("", 2021, set()),
        ("Something else entirely", 2021, set()),
    ],
)
def test_nothing_is_proposed_when_it_is_not_sure(label, year, linked):
    assert find_candidates(label, year, FILES, linked)[0] == ""


def test_what_it_may_have_been_is_shown():
    assert find_candidates("Annex A", 2021, FILES, set())[1] == sorted([FILES[0], FILES[2], FILES[3]])
