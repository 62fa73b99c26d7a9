"""What a text is, by rules that each have texts of their kind and texts that only look so."""

import csv
from pathlib import Path

import pytest

from releases.content.extraction.kinds import KINDS, RULES, SECTION, find_kind, find_section_kind

LABELLED = Path(__file__).parent / "kinds_labelled.csv"
PRESS, SPEECHES, PARLIAMENT = "press-release", "speech", "parliamentary-reply"
FOUND = [
    (
        "answered-orally",
        PARLIAMENT,
        "Ferries at night",
        "<p>Sitting on 3 May</p><p>QUESTION FOR ORAL ANSWER</p>",
    ),
    ("answered-orally", PARLIAMENT, "Oral reply to PQ on ferries", ""),
    (
        "answered-in-writing",
        PARLIAMENT,
        "Response to PQ on ferries",
        "<h3>Questions for written answer</h3><p>*4.</p>",
    ),
    ("answered-in-writing", PRESS, "Written Answer by Minister for Harbours", ""),
    ("answered-in-writing", PRESS, "部长书面答复", ""),
    (
        "answered-in-writing",
        PARLIAMENT,
        "Ferries (PQ Reply by Minister Tan)",
        "<h2>Question</h2><p>"
        + "How many ferries run? " * 60
        + "</p><h2>Answer</h2><p>Written reply by Minister Tan</p>",
    ),
    (
        "speech-in-parliament",
        PARLIAMENT,
        "Response by Minister Tan at the Budget Debate",
        "<p>1. Sir, ferries.</p>",
    ),
    ("speech-in-parliament", PARLIAMENT, "Opening Speech at the Second Reading of the Ports Bill", ""),
    ("question-in-parliament", PRESS, "Ferries (PQ Reply by Minister Tan)", ""),
    (
        "question-in-parliament",
        PRESS,
        "Ferries",
        "<p><b>Ms Lim asked the Prime Minister</b> about ferries.</p>",
    ),
    ("reply-to-the-press", PRESS, "Reply to the Straits Times Forum letter on ferries", ""),
    ("reply-to-the-press", PRESS, "Ferries", "<p>We thank Mr Tan for his letter (Ferries, 3 May).</p>"),
    ("factsheet", PRESS, "GoFerry (Factsheet)", ""),
    ("factsheet", PRESS, "Ferries", "<h2>Overview</h2><p>Ferries run at night.</p>"),
    ("consultation-itself", PRESS, "Public Consultation on the Ports Bill", ""),
    ("consultation-itself", PRESS, "Closing Note to the Public Consultation on the Ports Bill", ""),
    ("consultation-itself", PRESS, "Two ministries seek feedback on night ferries", ""),
    ("spoken", PARLIAMENT, "Budget Debate (Speech by Minister Tan)", ""),
    ("spoken", PRESS, "Minister Tan's comments at the Ports Forum", ""),
    ("spoken", PRESS, "Ports Week 2024", "<h2>Transcript of a talk by Minister Tan</h2>"),
    ("spoken", PRESS, "Ucapan Menteri di Pelabuhan", ""),
    (
        "salutation",
        PRESS,
        "Ports Week 2024",
        "<p>Ms Lim, Chair of Ports</p><p>Ladies and gentlemen,</p><p>1. Ferries.</p>",
    ),
    ("says-where-it-stands", PRESS, "Harbour Board's reply to media queries on ferries", ""),
    ("says-where-it-stands", PRESS, "Ferries", "<p>3 May 2024</p><p>We apologise for the delays.</p>"),
    ("statement", PRESS, "Joint Media Statement on ferries", ""),
    ("statement", PARLIAMENT, "Ministerial Statement on ferries", ""),
    ("statement", PARLIAMENT, "Addendum to the President's Address", ""),
    ("notice", PRESS, "Joint Advisory on false ferry tickets", ""),
    (
        "describes-a-scheme",
        PRESS,
        "FerryPass",
        "<p>1. FerryPass was first launched in May 2020 to help passengers.</p>",
    ),
    ("describes-a-scheme", PRESS, "FerryPass", "<p>1. FerryPass is a $3 million scheme of the Board.</p>"),
    ("describes-a-scheme", PRESS, "FerryPass", "<p>At COS 2024, the Ministry announced FerryPass.</p>"),
    ("answered-orally", PRESS, "Oral Parliamentary Question on ferries", ""),
    ("answered-in-writing", PRESS, "Written Parliamentary Reply to Ms Lim on ferries", ""),
    (
        "answered-in-writing",
        PRESS,
        "More ferries at night",
        "<p>This was said by the Minister in a written reply in the Lok Sabha today.</p>",
    ),
    ("question-in-parliament", PRESS, "Parliamentary question 412: ferries", ""),
    ("question-in-parliament", PRESS, "Reply to Unstarred Question on ferries", ""),
    ("reply-to-the-press", PRESS, "Letter to the Editor of the Harbour Times", ""),
    ("reply-to-the-press", PRESS, "Right of reply: ferries", ""),
    ("factsheet", PRESS, "Backgrounder: Ferries for Everybody Act", ""),
    ("factsheet", PRESS, "Frequently asked questions on night ferries", ""),
    ("factsheet", PRESS, "Q&As on night ferries", ""),
    ("factsheet", PRESS, "Key facts about the ferry fleet", ""),
    ("factsheet", PRESS, "Ferry fleet at a glance", ""),
    ("factsheet", PRESS, "Night ferries explained", ""),
    ("factsheet", PRESS, "Ferries Act 2024", "<h2>Quick facts</h2><ul><li>40 ferries run.</li></ul>"),
    ("consultation-itself", PRESS, "Have your say on night ferries", ""),
    ("consultation-itself", PRESS, "Call for evidence: night ferries", ""),
    ("consultation-itself", PRESS, "Views sought on night ferries", ""),
    ("consultation-itself", PRESS, "Draft Ports Bill: public consultation", ""),
    ("spoken", PRESS, "PM speech on ferries: 4 July 2024", ""),
    ("spoken", PRESS, "Minister's speech to the Wellington Port Chamber", ""),
    ("spoken", PRESS, "Address to the United Nations General Assembly", ""),
    ("spoken", PRESS, "Taoiseach's remarks in Cork harbour", ""),
    ("spoken", PRESS, "Doorstop interview, Canberra", ""),
    ("spoken", PRESS, "Interview with Ann Lee, Radio National", ""),
    ("spoken", PRESS, "Press conference, Port of Sydney", ""),
    ("spoken", PRESS, "Transcript: Minister for Ports on Harbour Television", ""),
    ("spoken", PRESS, "Speaking notes for the Minister of Ports", ""),
    ("spoken", PRESS, "English rendering of PM's address at the Ports Summit", ""),
    ("spoken", PRESS, "Ports Bill (Speech)", ""),
    ("spoken", PRESS, "Ports for Everybody", "<p>Check against delivery</p><p>1. Ferries.</p>"),
    ("salutation", PRESS, "Ports Week 2024", "<p>Tēnā koutou katoa.</p><p>Ferries matter.</p>"),
    ("salutation", PRESS, "Ports Week 2024", "<p>Honourable Ministers, thank you for coming.</p>"),
    ("factsheet", PRESS, "Annex A – FerryPass", ""),
    ("factsheet", PRESS, "Annex: List of night ferries", ""),
    ("factsheet", PRESS, "Night ferries: what you need to know", ""),
    ("factsheet", PRESS, "Night ferries (infographic)", ""),
    ("factsheet", PRESS, "FerryPass", "<h2>What is FerryPass?</h2><p>A pass.</p>"),
    ("factsheet", PRESS, "FerryPass", "<h3>Key features</h3><ul><li>Valid at night</li></ul>"),
    (
        "describes-a-scheme",
        PRESS,
        "Harbour Skills Fund",
        "<p>The Harbour Skills Fund is a national programme that pays for courses of port workers.</p>",
    ),
    (
        "describes-a-scheme",
        PRESS,
        "Ports 2030",
        "<p>Ports 2030 is a ten-year masterplan for the harbour.</p>",
    ),
    ("salutation", PRESS, "Ports Week 2024", "<p>Friends and colleagues,</p><p>Ferries matter.</p>"),
    ("salutation", PRESS, "Ports Week 2024", "<p>Excellencies, Colleagues, Friends,</p><p>Ferries.</p>"),
    (
        "salutation",
        PRESS,
        "Ports Week 2024",
        "<p>Mr Anna Lim, Chair of Ports, Dear friends,</p><p>1. Ferries.</p>",
    ),
    ("salutation", PRESS, "Ports Bill", "<p>1. Mr Speaker, I beg to move that the Bill be read.</p>"),
    ("salutation", PRESS, "Ports Bill", "<p>Sir, I move.</p>"),
    ("salutation", PRESS, "Ports Week 2024", "<p>Selamat pagi. Ferries matter.</p>"),
    ("salutation", PRESS, "Ports Week 2024", "<p>Kia ora and welcome.</p>"),
    ("salutation", PRESS, "港口周", "<p>各位来宾，大家早上好。</p>"),
    ("spoken", PRESS, "Ports Week 2024", "<p>Thank you for inviting me to this harbour.</p>"),
    ("spoken", PRESS, "Ports Week 2024", "<p>Thank you very much, Minister, for the kind introduction.</p>"),
    ("spoken", PRESS, "Ports Week 2024", "<p>Thank you, Chair.</p><p>Ferries matter.</p>"),
    ("spoken", PRESS, "Ports Week 2024", "<p>1. It is my great pleasure to join you at the harbour.</p>"),
    ("spoken", PRESS, "Ports Week 2024", "<p>I am delighted and honoured to open this pier.</p>"),
    ("spoken", PRESS, "Ports Week 2024", "<p>I'm very happy to be here in Galway.</p>"),
    ("statement", PRESS, "Joint communiqué of the ministers of ports", ""),
    ("statement", PRESS, "Ministry's statement in full", ""),
    ("statement", PRESS, "Clarification: ferry fares", ""),
    ("notice", PRESS, "Road closures for the Ports Parade", ""),
    ("notice", PRESS, "Health alert: water in the harbour", ""),
    ("notice", PRESS, "Corrigendum to the list of ferries", ""),
    (
        "describes-a-scheme",
        PRESS,
        "FerryPass",
        "<p>1. "
        + "The harbour is wide and many cross it each day. " * 10
        + "FerryPass is a $3 million programme.</p>",
    ),
    ("says-press-release", PARLIAMENT, "Press release: night ferries", ""),
    ("says-press-release", SPEECHES, "Night ferries", "<p>FOR IMMEDIATE RELEASE</p>"),
]
LEFT = [
    (PRESS, "Ministers address to what extent ferries are safe", ""),
    (PRESS, "Minister to deliver speech to port workers next week", ""),
    (PRESS, "Ports remember an old dispute over free speech in harbours", ""),
    (PRESS, "Public consultation on ferries opens next month", "<p>The Ministry will ask.</p>"),
    (PRESS, "New road opens after closures", ""),
    (PRESS, "Ports answer frequently asked questions at open day", ""),
    (PRESS, "Letter of intent to the editor's guild signed", ""),
    (PRESS, "Budget statement of the ports is late", ""),
    (PRESS, "Forecast: transcript service for the deaf starts", ""),
    (PRESS, "Minister to give a speech next week", "<p>The Minister will speak on ferries.</p>"),
    (PRESS, "New law against hate speech", ""),
    (PRESS, "Public consultations drew 300 people", ""),
    (PRESS, "Forum on Ports opens", "<p>The forum on ports opened.</p>"),
    (PRESS, "Ports sign Letter of Intent", "<p>We refer to the letter of intent of March.</p>"),
    (PRESS, "Noticeable rise in passengers", ""),
    (PRESS, "Good ferries in the morning", "<p>" + "Ferries run. " * 60 + "Good morning, they said.</p>"),
    (PRESS, "FerryPass", "<p>1. The Board today launched FerryPass, which is a new scheme.</p>"),
    (PRESS, "FerryPass", "<p>FerryPass was launched in May 2020.</p>"),
    (SPEECHES, "FerryPass", "<p>1. FerryPass is a scheme.</p>"),
    (SPEECHES, "A statement of our times", "<p>Our statement is plain.</p>"),
    (SPEECHES, "Fact sheets and fiction", "<p>Fiction first.</p>"),
    (PRESS, "New pier", "<p>The Ports Agency, Harbour Board, partners, and crews opened a pier.</p>"),
    (PRESS, "New pier", "<p>Friends of the harbour opened a pier.</p>"),
    (PRESS, "New pier", "<p>“I am delighted to open this pier,” said the Minister.</p>"),
    (PRESS, "Thanks to crews", "<p>Thank you notes for crews came from all over the country.</p>"),
    (PRESS, "Harbour fund", "<p>The Harbour Fund, announced today, is a national programme for crews.</p>"),
    (PRESS, "Harbour fund", "<p>The Minister launched the fund. It is a programme for crews.</p>"),
    (PRESS, "Annexation of the pier ends", ""),
    (PRESS, "New pier", "<p>The harbour is a place of trade. Its fund is open.</p>"),
    (PARLIAMENT, "Overview of sittings", "<p>Overview of sittings in 2024.</p>"),
]


@pytest.mark.parametrize("rule, section, title, opening", FOUND)
def test_a_rule_finds_what_a_text_says_that_it_is(rule, section, title, opening):
    kinds = {one.name: one.kind for one in RULES}
    assert find_kind(title, opening, section) == (kinds[rule], rule)


@pytest.mark.parametrize("section, title, opening", LEFT)
def test_what_only_looks_so_is_what_its_section_holds(section, title, opening):
    assert find_kind(title, opening, section) == (section, SECTION)


def test_every_rule_has_an_example_and_a_kind_with_a_name():
    assert {rule.name for rule in RULES} == {rule for rule, *_ in FOUND}
    assert {rule.kind for rule in RULES} <= set(KINDS)


@pytest.mark.parametrize(
    "names, kind",
    [
        (("news/press-releases", "News"), "press-release"),
        (("---speeches",), "speech"),
        (("-parliament-Q-&-A", "Statements"), "parliamentary-reply"),
        (("public-consultation",), "consultation"),
        (("replies", "Forum Replies"), "forum-reply"),
        (("announcements",), "notice"),
        (("visits", "Visits"), "release"),
    ],
)
def test_a_section_is_of_the_kind_that_it_is_called(names, kind):
    assert find_section_kind(names) == kind


def test_the_labelled_texts_are_of_kinds_that_there_are():
    with LABELLED.open(newline="") as table:
        rows = list(csv.reader(table))[1:]
    assert len({digest for digest, *_ in rows}) == 300
    assert {kind for _, *kinds in rows for kind in kinds} <= set(KINDS)
    with (LABELLED.parent / "replies_labelled.csv").open(newline="") as table:
        replies = list(csv.reader(table))[1:]
    assert len(dict(replies)) == len(replies) > 90
    assert {kind for _, kind in replies} == {"oral-reply", "written-reply"}


@pytest.mark.timeout(10)
@pytest.mark.parametrize("word", ["Friends ", "Friends, ", "Lim, of and ", "1 ", "what is a ", "thank you, "])
def test_a_word_that_comes_again_and_again_costs_no_time(word):
    assert find_kind("Ports", f"<p>{word * 400}</p>", PRESS).kind in KINDS
