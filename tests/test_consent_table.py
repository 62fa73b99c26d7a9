"""The table of consent in the docs is the one that the code asks."""

from pathlib import Path

from releases.services.accounts.consent import TABLE, Need, Part, Stake
from releases.services.publishing import workflow

PAGE = Path(__file__).parent.parent / "docs" / "consent.md"


def test_the_docs_show_the_table_that_is_asked():
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    assert {name: tuple(cells) for name, *cells in rows[2:]} == {
        name: tuple(str(need) for need in consent) for name, consent in TABLE.items()
    }


def test_each_verb_that_makes_public_or_takes_away_has_its_row():
    changing = {verb.name for verb in workflow.TABLE} - {
        "submit",
        "take-back",
        "reject",
        "next",
        "again",
    }
    assert changing - set(TABLE) == {"clear", "keep", "agree"}  # what gives consent, or leaves all as it is


def test_an_approval_asks_all_but_the_lead_and_whom_only_an_import_named():
    asked = {
        (part, excused): Stake(None, part, issues=part is not Part.LEFT, is_excused=excused).owes
        for part in Part
        for excused in (True, False)
    }
    assert {key for key, owes in asked.items() if owes} == {(Part.JOINT, False), (Part.LEFT, False)}
    assert Stake(None, Part.LEFT, issues=False, led=True).need("publish-urgently") is Need.REFUSED
