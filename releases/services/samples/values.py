"""What is typed of the releases of a sample: `DraftValues` of an outline, and of its correction."""

from dataclasses import replace
from random import Random

from django.utils.text import slugify

from releases.content.text.dates import format_date
from releases.models import Address, Agreement
from releases.services.editing.draft_values import AnnexValues, DraftValues, IssuerValues, as_new
from releases.services.samples import stories
from releases.services.samples.directory import ROOT, Directory
from releases.services.samples.outlines import (
    BATCH,
    PUBLIC,
    Fate,
    ReleaseOutline,
    Step,
    outline_agencies,
    outline_release,
)
from releases.services.samples.stories import Story
from releases.services.samples.texts import (
    NOTICE,
    Composer,
    Facts,
    SampleLink,
    compose_title,
    draw_facts,
    draw_from,
)

TELLS = {
    Step.LAUNCHED: stories.LAUNCHED,
    Step.CONCLUDED: stories.CONCLUDED,
    Step.SIGNED: stories.SIGNED,
    Step.IN_FORCE: stories.IN_FORCE,
    Step.NAMED: stories.NAMED,
}
CHANGES = {
    "correction": "The last paragraph was missing.",
    "update": "The last paragraph is new.",
    "typography": "",
}


def compose_values(directory: Directory, outline: ReleaseOutline, agreement: Agreement | None) -> DraftValues:
    """The values of a release. Addresses of its annexes are not stored yet."""
    seed = directory.seed
    chance = draw_from(seed, "values", outline.number)
    story, facts = _find_story(seed, outline, agreement)
    composer = Composer(chance, story, facts)
    annexes = _compose_annexes(chance, directory, outline, facts)
    return DraftValues(
        title=(title := compose_title(story, facts)),
        release_date=outline.release_date,
        release_date_is_confirmed=True,
        permalink=find_permalink(outline, title),
        section=directory.sections[outline.section.folder],
        form=outline.form,
        summary=composer.compose_summary() if not agreement and chance.random() < 0.4 else "",
        body=_compose_body(composer, seed, outline, annexes),
        link_url=f"https://sample.example/{outline.number + 1}/" if outline.form == "link" else "",
        contacts="Sample newsroom\nnews@sample.example" if chance.random() < 0.5 else "",
        wanted_from=outline.live_from if outline.fate == Fate.SCHEDULED else None,
        issuers=tuple(IssuerValues(directory.agencies[place]) for place in outline.agencies),
        annexes=annexes,
        agreements=(agreement,) if agreement else (),
    )


def correct_values(seed: int, outline: ReleaseOutline, values: DraftValues) -> DraftValues:
    """The values of the second edition of a release, with what kind of change it is: one more paragraph, or
    another way to write numbers."""
    chance = draw_from(seed, "correction", outline.number)
    change = chance.choice(list(CHANGES))
    text = values.body.removesuffix(f"{NOTICE}\n")
    if change == "typography":
        text = text.replace(" per cent", " %")
    else:
        paragraph = Composer(chance, *_find_story(seed, outline, None)).compose_paragraph()
        text = f"{text}{paragraph}\n\n"
    return replace(
        as_new(values),
        body=f"{text}{NOTICE}\n",
        body_html=None,
        change_class=change,
        change_note=CHANGES[change],
        wanted_from=None,
    )


def find_permalink(outline: ReleaseOutline, title: str) -> str:
    """Where a release with this title stands; the number at the end makes it the only one."""
    year = outline.release_date.year
    return f"/{ROOT}/{outline.section.folder}/{year}/{slugify(title)[:80].strip('-')}-{outline.number + 1}/"


def _find_story(seed: int, outline: ReleaseOutline, agreement: Agreement | None) -> tuple[Story, Facts]:
    chance = draw_from(seed, "title", outline.number)
    agency, day = outline_agencies(seed)[outline.agencies[0]], outline.release_date
    facts = draw_facts(chance, agency=agency.name_on(day), field=agency.field, year=day.year)
    if not agreement or not outline.step:
        return chance.choice(outline.section.stories), facts
    subject = agreement.subjects[0].lower()
    return TELLS[outline.step], {
        **facts,
        "agreement": agreement.title,
        "subject": subject,
        "day": format_date(day),
    }


def _compose_annexes(
    chance: Random, directory: Directory, outline: ReleaseOutline, facts: Facts
) -> tuple[AnnexValues, ...]:
    letters = "ABCDEF"[: outline.annexes]
    found = []
    for letter, form in zip(letters, chance.sample(stories.ANNEXES, len(letters)), strict=True):
        path = f"/{ROOT}/files/{outline.number + 1}/annex-{letter.lower()}.pdf"
        found.append(
            AnnexValues(
                chance.choice(directory.documents),
                f"Annex {letter}",
                form.format_map(facts),
                "en",
                address=Address(path=path, kind=Address.Kind.FILE),
            )
        )
    return tuple(found)


def _compose_body(
    composer: Composer, seed: int, outline: ReleaseOutline, annexes: tuple[AnnexValues, ...]
) -> str:
    if outline.form == "link":
        return ""
    if outline.form == "file":
        return f"{NOTICE}\n"
    if outline.section.folder == "speeches" and not outline.step:
        return composer.compose_speech()
    chance = composer.chance
    links = [
        SampleLink(one.label, one.address.path) for one in annexes if one.address and chance.random() < 0.7
    ]
    return composer.compose_body([*links, *_compose_links(chance, seed, outline)])


def _compose_links(chance: Random, seed: int, outline: ReleaseOutline) -> list[SampleLink]:
    """Some lead to a section, to an earlier release or to another site."""
    links = []
    if chance.random() < 0.2:
        links.append(
            SampleLink("the list of all that we published on this", f"/{ROOT}/{outline.section.folder}/")
        )
    if chance.random() < 0.5:
        links.append(
            SampleLink("our notes for editors", f"https://sample.example/notes/{chance.randrange(1000)}")
        )
    first = outline.number // BATCH * BATCH
    if first and chance.random() < 0.2:
        earlier = outline_release(seed, chance.randrange(first))
        if earlier.fate in PUBLIC and not earlier.step:
            title = compose_title(*_find_story(seed, earlier, None))
            links.append(SampleLink(title, find_permalink(earlier, title)))
    return links
