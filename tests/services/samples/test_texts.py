"""Made-up releases say one thing from title to end, in whole sentences."""

import re

import pytest

from releases.services.samples import stories, words
from releases.services.samples.stories import Matter, Story
from releases.services.samples.texts import NOTICE, Composer, compose_title, draw_facts, draw_from

TOLD = [one for one in vars(stories).values() if isinstance(one, Story)]
ABOUT = {"agreement": "Sample Treaty on Bridges, No. 1", "subject": "bridges", "day": "3 May 2019"}


def composer_of(story, number=0):
    chance = draw_from(1, "test", number)
    field = chance.choice(words.FIELDS)
    facts = draw_facts(chance, agency=f"Sample Board of {field}", field=field, year=2019)
    return Composer(chance, story, {**facts, **ABOUT})


@pytest.mark.parametrize("story", TOLD, ids=lambda story: story.title)
def test_each_story_is_told_of_its_title(story):
    for number in range(30):
        composer = composer_of(story, number)
        title, body = compose_title(story, composer.facts), composer.compose_body([])
        assert 20 <= len(title) <= 200, title
        assert body.isascii() and not set("{}") & set(body)
        lead, facts = body.partition("\n\n")[0], composer.facts
        assert any(facts[name] in lead for name in ("place", "other", "thing", "agreement")), lead
        assert body.endswith(f"\n\n{NOTICE}\n")


def test_every_form_can_be_said():
    matters = [one for one in vars(stories).values() if isinstance(one, Matter)]
    forms = [form for matter in matters for form in matter.told]
    forms += [form for theme in stories.THEMES.values() for form in theme]
    forms += [*stories.QUOTES, *stories.SUMMARIES, *stories.ENDINGS, *stories.ANNEXES, *stories.ASKED]
    composer = composer_of(stories.OPENED)
    for form in forms:
        assert not set("{}") & set(composer.say(form)), form
    assert {theme for matter in matters for theme in matter.themes} < set(stories.THEMES)


def test_nothing_is_said_again_before_all_was_said():
    bare = Story("Title", "Lead", Matter(tuple(f"Sentence {number}." for number in range(9)), ("Costs",)))
    composer = composer_of(bare)
    told = composer.compose_theme("Costs").count(". ") + 1
    said = re.findall(r"Sentence \d\.", " ".join(composer.compose_paragraph(1) for _ in range(9)))
    assert sorted(said) == sorted(bare.matter.told)
    assert 2 <= told <= 4


def test_more_than_one_of_a_thing_has_an_s():
    things = [thing for some in words.THINGS.values() for thing in some]
    assert [thing for thing in things if re.search(r"(s|x|ch|sh|[^aeiou]y)$", thing)] == []
    assert len(words.FIELDS) == len(set(words.FIELDS))
