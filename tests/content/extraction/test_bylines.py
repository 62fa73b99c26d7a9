import time

import pytest

from releases.content.extraction.bylines import Attribution, Lexicon, find_issuers

AGENCIES = [
    ("mddi", ["Ministry of Digital Development and Information", "MDDI"]),
    ("mddi", ["Ministry of Communications and Information", "MCI"]),
    ("mti", ["Ministry of Trade and Industry", "MTI"]),
    ("mccy", ["Ministry of Culture, Community and Youth", "MCCY"]),
    ("mof", ["Ministry of Finance", "MOF"]),
    ("moh", ["Ministry of Health", "MOH"]),
    ("minlaw", ["Ministry of Law", "MinLaw"]),
    ("pmo", ["Prime Minister’s Office", "PMO"]),
    ("sndgo", ["Smart Nation and Digital Government Office", "SNDGO"]),
    ("nrf", ["National Research Foundation", "NRF"]),
    ("csa", ["Cyber Security Agency of Singapore", "Cyber Security Agency", "CSA"]),
    ("imda", ["Infocomm Media Development Authority", "IMDA"]),
    ("govtech", ["Government Technology Agency", "Government Technology Agency of Singapore", "GovTech"]),
    ("hdb", ["Housing & Development Board", "HDB"]),
    ("lta", ["Land Transport Authority", "LTA"]),
    ("pub", ["PUB, Singapore’s National Water Agency", "PUB, the national water agency", "PUB"]),
    ("astar", ["Agency for Science, Technology and Research", "A*STAR"]),
    ("customs", ["Singapore Customs"]),
    ("ntuc", ["National Trades Union Congress", "NTUC"]),
]
LEXICON = Lexicon.build(AGENCIES)
STORY = "1. The bridge opens on Monday.\n\n2. MTI, LTA and HDB built it with the Ministry of Finance."


def issuers(body):
    return find_issuers(body, LEXICON).keys


def last(line):
    return find_issuers(f"{STORY}\n\n{line}\n", LEXICON)


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("Jointly issued by MTI, MCI and IMDA", ("mti", "mddi", "imda")),
        ("JOINTLY ISSUED BY MTI, MCI AND IMDA.", ("mti", "mddi", "imda")),
        ("Jointly Released By MTI And IMDA", ("mti", "imda")),
        ("This press release is jointly issued by MTI and LTA.", ("mti", "lta")),
        ("Joint Press Release by the Ministry of Trade and Industry and LTA", ("mti", "lta")),
        ("A joint media release by MTI & LTA", ("mti", "lta")),
        ("JOINT NEWS RELEASE BETWEEN HDB, LTA AND MTI", ("hdb", "lta", "mti")),
        ("Joint Statement by the Ministry of Health & Ministry of Law", ("moh", "minlaw")),
        ("Press release issued by Land Transport Authority", ("lta",)),
        ("Media statement by MTI/LTA", ("mti", "lta")),
        ("Issued by: Ministry of Law", ("minlaw",)),
        ("Issued by the Ministry of Law on 3 May 2021", ("minlaw",)),
        ("Source: Ministry of Law", ("minlaw",)),
        ("Press release from MOH; MOF", ("moh", "mof")),
        ("Issued by: MOH and MOF – 3 May 2021", ("moh", "mof")),
        ("Issued by MOH and MOF | May 3, 2021", ("moh", "mof")),
        ("JOINT PRESS RELEASE BY MTI AND LAND TRANSPORT AUTHORITY: THE BRIDGE OPENS", ("mti", "lta")),
    ],
)
def test_every_form_of_a_byline_names_its_agencies_in_order(line, keys):
    assert last(line) == Attribution("byline", keys, (), line)


@pytest.mark.parametrize(
    "line", ["Joint Press Release by MTI and LTA", "Issued by: MTI, LTA", "### JOINTLY ISSUED BY MTI, LTA"]
)
def test_a_byline_may_stand_above_the_text(line):
    assert issuers(f"# The bridge opens\n\n{line}\n\n{STORY}") == ("mti", "lta")


@pytest.mark.parametrize(
    "line",
    [
        "*Jointly issued by MTI and LTA*",
        "_Jointly issued by MTI and LTA_  ",
        "**Jointly issued by: MTI and LTA**",
        "***Jointly issued by*** *MTI* and *LTA*",
        "[Jointly issued by MTI and LTA]",
        "(Jointly issued by MTI and LTA)",
        "### Jointly issued by MTI and LTA",
        "> Jointly issued by MTI and LTA",
        "– Jointly issued by MTI and LTA –",
        "[Jointly issued by MTI and LTA](https://example.test/a-(final)-(2).pdf)",
        "[Jointly issued by MTI and LTA](https://example.test/never-closed-(2.pdf)",
        "[Jointly issued by MTI and LTA (pdf - 160kb)](/files/a b.pdf)",
        "Jointly issued by [MTI](https://example.test) and LTA",
        "Jointly issued by MTI&nbsp;and LTA",
        "Jointly issued by the Ministry of Trade and Industry (MTI) and the Land Transport Authority (LTA)",
        "Jointly issued by MTI,\nand LTA",
        "Jointly issued by MTI\nand LTA",
        "Jointly issued by:\n\n- MTI\n- LTA",
        "JOINTLY ISSUED BY:  \nMINISTRY OF TRADE AND INDUSTRY  \nLAND TRANSPORT AUTHORITY  \n3 MAY 2021",
        "<p><em>Jointly issued by the Ministry of Trade\nand Industry and LTA</em>\n</p><p>&nbsp;</p>",
        "<p><strong>Jointly issued by:</strong>\n<br><strong>MTI</strong>\n<br><strong>LTA</strong></p>",
        "<h4>Jointly issued by MTI and LTA</h4><hr>",
    ],
)
def test_markup_around_a_byline_does_not_hide_it(line):
    found = last(line)
    assert (found.rule, found.keys, found.unknown) == ("byline", ("mti", "lta"), ())


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        ("the Agency for Science, Technology and Research and LTA", ("astar", "lta")),
        ("MCCY, Ministry of Culture, Community and Youth and MOF", ("mccy", "mof")),
        ("A*STAR and **A\\*STAR**", ("astar",)),
        ("Housing and Development Board, MOF", ("hdb", "mof")),
        ("PUB, the national water agency, and LTA", ("pub", "lta")),
        ("Government Technology Agency Of Singapore And Singapore Customs", ("govtech", "customs")),
        ("MCI, Singapore Customs and LTA", ("mddi", "customs", "lta")),
        ("the Prime Minister's Office and MOF", ("pmo", "mof")),
        ("Ministry of Finance, Prime Minister’s Office and MOH", ("mof", "pmo", "moh")),
        ("National Research Foundation, Prime Minister’s Office", ("nrf",)),
        ("Ministry of Health, Singapore, and Singapore’s Ministry of Law", ("moh", "minlaw")),
        ("Ministry of Health, Republic of Singapore", ("moh",)),
        ("Communications Division, Ministry of Law", ("minlaw",)),
        ("MCI and the Ministry of Digital Development and Information", ("mddi",)),
    ],
)
def test_names_with_commas_and_qualifiers_are_read_whole(names, keys):
    found = last(f"Jointly issued by {names}")
    assert (found.keys, found.unknown) == (keys, ())


@pytest.mark.parametrize(
    ("line", "keys", "unknown"),
    [
        ("Press release issued by Foro de Ciudades (pdf - 170kb)", (), ("Foro de Ciudades",)),
        ("Press release from Acme Newsroom", (), ("Acme Newsroom",)),
        ("Joint press release by MTI and Acme Bank", ("mti",), ("Acme Bank",)),
        (
            "Joint press release by Institute of Rivers and Lakes, MTI",
            ("mti",),
            ("Institute of Rivers and Lakes",),
        ),
        ("Jointly issued by Acme Group, MTI and LTA", ("mti", "lta"), ("Acme Group",)),
        (
            "Jointly issued by MOH and Ministry of Health, Malaysia",
            ("moh",),
            ("Ministry of Health, Malaysia",),
        ),
        (
            "Jointly issued by MOH and the Ministry of Law of New Zealand",
            ("moh",),
            ("Ministry of Law of New Zealand",),
        ),
        ("Issued by Ministry of Health Holdings", (), ("Ministry of Health Holdings",)),
        ("Source: Foro de Ciudades", (), ("Foro de Ciudades",)),
        ("Jointly issued by:\nMTI\nAcme Bank\nFor media enquiries, call us.", ("mti",), ("Acme Bank",)),
    ],
)
def test_an_unknown_issuer_is_reported_as_written_and_never_guessed(line, keys, unknown):
    found = last(line)
    assert (found.rule, found.keys, found.unknown) == ("byline" if keys else "byline-unknown", keys, unknown)


@pytest.mark.parametrize(
    "line",
    [
        "LTA and MTI have jointly issued by-laws.",
        "Correction Direction issued by the Minister for Communications and Information",
        "<p><em>Correction Direction issued by the Minister for Culture, Community and Youth</em></p>",
        "Issued by the Minister for Communications and Information",
        "Joint statement by Minister of State Ana Ng and Mr Lee",
        "Please see the Press Release on the bridge by LTA.",
        "Media Release on MOU between MTI and Acme Bank",
        "The Green 100 badge issued by LTA",
        "Issued by LTA in 2019, the permit lapses when MTI says so.",
        "issued by the Ministry of Law",
        "- [Press release issued by LTA](https://example.test)",
        "12. Press release issued by LTA",
        "Source: Annex A).",
        "Source: Ministry of Health, Labour Force Survey",
        "Source: Ministry of Health, 2023",
        "Source: https://example.test",
        "The Collective Sale Agreement (CSA) was signed with the Land Transport Authority.",
        "- Ministry of Law",
        "<ul><li><p>Ministry of Law</p></li></ul>",
        "<table><tr><td><p>Ministry of Law</p></td></tr></table>",
        "Outgoing chief executive,\nGovernment Technology Agency",
        "Ministry of Law, Malaysia",
        "The Secretary\nMinistry of Law\nSingapore 179369",
        "Mr Tan Ah Kow, Ministry of Law",
    ],
)
def test_a_mention_is_no_issuer(line):
    assert last(line) == Attribution("none")


def test_a_source_line_in_the_middle_belongs_to_a_chart():
    assert (
        find_issuers(
            f"Source: Ministry of Health\n\n{STORY}\n\n3. It is safe.\n\n4. It is new.", LEXICON
        ).rule
        == "none"
    )


def test_a_byline_before_long_words_about_the_agencies_is_read_too():
    middle = "\n\n".join(f"{number}. Concrete was poured on day {number}." for number in range(3, 120))
    assert find_issuers(f"{STORY}\n\nIssued by LTA\n\n{middle}", LEXICON).keys == ("lta",)
    assert find_issuers(f"{middle}\n\n**Issued by LTA and IMDA**<br>\n\n{middle}", LEXICON).keys == (
        "lta",
        "imda",
    )


@pytest.mark.parametrize(
    "line", ["Issued by LTA and Harbour Pilots Limited", "The badge was issued by LTA", "- Issued by LTA"]
)
def test_between_the_ends_only_a_byline_of_known_agencies_alone_counts(line):
    middle = "\n\n".join(f"{number}. Concrete was poured on day {number}." for number in range(3, 120))
    assert find_issuers(f"{middle}\n\n{line}\n\n{middle}", LEXICON).rule == "none"


@pytest.mark.parametrize(
    ("ending", "keys"),
    [
        ("MINISTRY OF LAW\n\n25 NOVEMBER 2017", ("minlaw",)),
        ("**Ministry of Law**<br>\n**25 November 2017**\n\nLast updated on 28 Feb 2017", ("minlaw",)),
        ("Ministry of Trade and Industry, and Land Transport Authority", ("mti", "lta")),
        ("Ministry of Health\n\nSmart Nation and Digital Government Office", ("moh", "sndgo")),
        ("Ministry of Communications and Information, Singapore", ("mddi",)),
        ("<p>Ministry of Law</p>\n<p>25 November 2017</p>", ("minlaw",)),
        ("PRIME MINISTER’S OFFICE", ("pmo",)),
        ("Ministry of Law\n\n[^1]: The bridge is 90 m long.", ("minlaw",)),
    ],
)
def test_agencies_on_the_last_lines_sign_a_release(ending, keys):
    found = last(ending)
    assert (found.rule, found.keys, found.unknown) == ("signature", keys, ())


@pytest.mark.parametrize(
    "ending",
    [
        "Members of the board:\n\nMinistry of Law\n\nMinistry of Finance",
        "Mr Tan Ah Kow\nMinistry of Law\nMs Bo Lim\nMinistry of Finance",
        "Ana Ng, Chairman\nMinistry of Law\nBo Lim – Member\nMinistry of Finance",
        "In the news\n\nMinistry of Law",
        "[The bridge opens](https://paper.example/a)\n\n[Ministry of Law](https://www.mlaw.example)",
        "Make cheques payable to the fund and send them to:\n\nMinistry of Law\n\n100 High Street",
        "Ministry of Law\n\n100 High Street\n\n#08-02 The Treasury",
        "Partners\n\nMinistry of Law",
    ],
)
def test_in_a_list_of_people_or_links_or_an_address_nobody_signs(ending):
    assert last(ending) == Attribution("none")


CONTACT = """For media enquiries, please contact:

Ana Ng (Ms)
Manager, Adoption and Engagement Directorate
Smart Nation and Digital Government Office, Prime Minister’s Office, Singapore
Tel: 6123 4567
Email: [ana_ng@example.test](mailto:ana_ng@example.test)
"""


def test_the_office_of_a_person_to_contact_answers_for_a_release_and_not_the_office_it_sits_in():
    found = last(CONTACT)
    assert (found.rule, found.keys) == ("signature", ("sndgo",))


def test_an_office_written_over_two_lines_is_one_office():
    assert last(CONTACT.replace("Office, Prime", "Office,\nPrime")).keys == ("sndgo",)


def test_the_office_that_an_office_sits_in_is_not_its_co_signatory_on_a_line_of_its_own():
    assert last("Smart Nation and Digital Government Office\nPrime Minister's Office").keys == ("sndgo",)
    assert last("Ministry of Finance\nPrime Minister's Office").keys == ("mof", "pmo")


def test_every_agency_in_a_contact_block_counts_once():
    second = "Bo Lim\nCorporate Communications, Land Transport Authority\nTel: 1\n\nCy Ho\nLand Transport Authority\n"
    assert last(CONTACT + second).keys == ("sndgo", "lta")


def test_a_signature_wins_over_a_contact_block():
    assert last(f"MINISTRY OF TRADE AND INDUSTRY\n\n---\n\n{CONTACT}").keys == ("mti",)


def test_a_byline_wins_over_signature_and_contact_block():
    found = last(f"Jointly issued by MTI and LTA\n\nMinistry of Law\n\n{CONTACT}")
    assert (found.rule, found.keys) == ("byline", ("mti", "lta"))


def test_a_byline_before_contacts_and_paragraphs_about_the_agencies_is_found():
    about = "About MTI\n\nMTI looks after trade.\n\nAbout LTA\n\nLTA looks after roads.\n"
    assert last(f"ISSUED BY THE LAND TRANSPORT AUTHORITY\n\n{about}\n{CONTACT}").keys == ("lta",)


def test_a_known_byline_wins_over_an_unknown_one():
    assert issuers(f"Press release from Acme Newsroom\n\n{STORY}\n\nIssued by LTA") == ("lta",)


@pytest.mark.parametrize("body", ["", "\n \n", "<p></p>", "No issuer at all.", "---", "![](/a.png)"])
def test_a_body_without_issuer_gives_none(body):
    assert find_issuers(body, LEXICON) == Attribution("none")


def test_windows_line_ends_change_nothing():
    body = f"{STORY}\n\nJOINTLY ISSUED BY:\nMTI\nLTA\n"
    assert find_issuers(body.replace("\n", "\r\n"), LEXICON) == find_issuers(body, LEXICON)


def test_an_acronym_that_two_agencies_share_names_neither():
    lexicon = Lexicon.build([("sentosa", ["Sentosa Board", "SDC"]), ("dental", ["Dental Council", "SDC"])])
    assert find_issuers("Issued by SDC", lexicon) == Attribution(
        "byline-unknown", (), ("SDC",), "Issued by SDC"
    )
    assert find_issuers("Issued by Dental Council", lexicon).keys == ("dental",)


def test_an_empty_lexicon_knows_nobody():
    assert find_issuers("Issued by MTI", Lexicon.build([])).unknown == ("MTI",)


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Ministry of Law", "minlaw"),
        ("Ministry of Law Singapore", "minlaw"),
        ("MDDI | Home", "mddi"),
        ("Ministry of Communications and Information (MCI)", "mddi"),
        ("Welcome to PUB, Singapore's National Water Agency", "pub"),
        ("Singapore Customs", "customs"),
        ("GovTech", "govtech"),
        ("A case for the hdb", ""),
        ("Isomer", ""),
        ("", ""),
    ],
)
def test_owner_of_a_site_by_its_title(title, key):
    assert LEXICON.owner_of(title) == key


@pytest.mark.parametrize(
    "body",
    [
        "Jointly issued by " + "A and " * 100_000,
        ("Jointly issued by " + "A and " * 40 + "\n") * 1_000,
        "<p" * 100_000,
        "<p>" * 100_000,
        "](" * 100_000,
        "](a" * 100_000,
        "For " * 100_000,
        "**" * 100_000,
        ("Issued by " + "Singapore " * 60 + "\n") * 1_000,
        "Jointly issued by:\n" * 20_000,
        ("Issued by " + "," * 700 + "\n") * 60,
        ("Issued by A" + "_" * 700 + "B\n") * 60,
        ("Issued by [A](" + "(b)" * 200 + "\n") * 60,
        ("Issued by A " + "minister" * 80 + "\n") * 60,
        "\n" * 500_000,
    ],
    ids=[
        "names",
        "bylines",
        "tag",
        "tags",
        "link",
        "links",
        "contact",
        "stars",
        "country",
        "below",
        "commas",
        "underscores",
        "parentheses",
        "ministers",
        "blank",
    ],
)
def test_hostile_bodies_cost_no_more_than_long_ones(body):
    assert min(seconds(body) for _ in range(3)) < 0.1


def seconds(body):
    start = time.process_time()
    find_issuers(body, LEXICON)
    return time.process_time() - start
