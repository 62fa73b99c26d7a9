"""What stands in the way of a publication, and what an editor should look at before it: the checks of the
desk."""

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from releases.content.documents.embargoes import find_embargoes, read_embargo
from releases.content.extraction.sentences import split_sentences
from releases.content.files import links
from releases.content.text.dates import format_date
from releases.models import Annex, Blob, Edition, Illustration, Release
from releases.services.accounts import consent
from releases.services.accounts.permissions import Authority
from releases.services.agreements import consistency
from releases.services.editing import outside_links, translations
from releases.services.editing.dead_links import DeadLink, find_dead_links
from releases.services.editing.draft_values import pending_annexes
from releases.services.files.images import has_location
from releases.services.files.virus_scans import explain_hold

LONG_TITLE = 100
PARTS = ("issuers", "annexes__address", "illustrations__address")
BLOBS = tuple(Prefetch(f"{part}__blob", Blob.objects.defer("text")) for part in ("annexes", "illustrations"))
PLACEHOLDER = "Describe this image"
_TYPED_NUMBER = re.compile(r"^(\d{1,3})\.\s", re.MULTILINE)
# "Annex 2 of the Convention" is another text's.
_NAMED_ANNEX = re.compile(
    r"\bannex(?:es)?\s+([A-Z]|\d{1,2})\b(?!\s+(?:of|to)\s+(?!th(?:is|e\s+release)\b))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Check:
    """A sentence for the editor; `passes`: it goes by itself, nobody can fix it; `field` is the form's field that it speaks of, `paragraph` its number (0:
    none).

    `target` is the target of a link as it is typed, and `likely` what was probably meant ("": nobody knows). `embargo` is
    one as it is typed in the text, `instant` when it ends (None: it names no sure time to come).
    """

    words: str
    field: str
    blocks: bool = False
    paragraph: int = 0
    passes: bool = False
    target: str = ""
    likely: str = ""
    embargo: str = ""
    instant: dt.datetime | None = None


def checks(edition: Edition, authority: Authority | None = None) -> list[Check]:
    """Everything that is to be said of an edition, what blocks its publication first.

    Of agreements, `authority` is told what it may know; none: everything. Parts of `edition` that were
    prefetched are not read anew.
    """
    prefetch_related_objects([edition], *PARTS, "annexes__blob", "illustrations__blob")
    dead = find_dead_links([edition], authority.at if authority else timezone.now())[edition.pk]
    found = consistency.find_contradictions(edition, authority)
    told = [Check(one.words, "body", paragraph=one.paragraph) for one in found]
    gone = [
        Check(f"The link to {link.url} leads to no page: {link.words}.", "body", target=link.url)
        for link in outside_links.find_failing(edition)
    ]
    embargoes = list(_typed_embargoes(edition))
    blocking, warnings = _blocking(edition, dead, embargoes), _warnings(edition, dead, embargoes)
    return [*blocking, *warnings, *gone, *_outdated(edition), *told]


def _outdated(edition: Edition) -> Iterator[Check]:
    """Of a translation, whose original goes on."""
    if (
        translations.has_original_changed(edition, original := translations.find_original(edition))
        and original
    ):
        words = (
            f"The original, “{original.title}”, has changed since it was translated. Read both side by side."
        )
        yield Check(words, "language")


def blocking(edition: Edition) -> list[Check]:
    """What no publication may have. Parts of `edition` that were prefetched are not read anew."""
    return blocking_each([edition])[edition.pk]


def blocking_each(editions: list[Edition]) -> dict[int, list[Check]]:
    """`blocking` of each, by its key, in a number of queries that does not grow with them."""
    prefetch_related_objects(editions, *PARTS, *BLOBS)
    dead = find_dead_links(editions, timezone.now())
    return {
        edition.pk: list(_blocking(edition, dead[edition.pk], list(_typed_embargoes(edition))))
        for edition in editions
    }


def problems(editions: Iterable[int]) -> dict[int, list[Check]]:
    """What blocks each of these editions, by its key, in a number of queries that does not grow with them."""
    found: dict[int, list[Check]] = {}
    for some in _batched(editions, 200):
        rows = Edition.objects.filter(pk__in=some).select_related("release", "address", "based_on")
        found |= blocking_each(list(rows.defer("body_html", "based_on__body_html")))
    return found


def _blocking(edition: Edition, dead: list[DeadLink], embargoes: list[Check]) -> Iterator[Check]:
    if not edition.issuers.all():
        yield Check("Name at least one issuing agency.", "issuers", blocks=True)
    yield from _unkept_embargo(edition)
    yield from (check for check in embargoes if check.blocks)
    yield from _other_day(edition)
    yield from _empty(edition)
    yield from _unexplained(edition)
    yield from _unusable_files(edition)
    before = _before(edition)
    for image in links.find_images(edition.body):
        if image.label.strip() in ("", PLACEHOLDER) and image.target not in before:
            name = image.target.rsplit("/", 1)[-1][:80]
            yield Check(f"The picture {name} has no description.", "body", blocks=True)
    for link in dead:
        if link.target not in before:
            yield Check(link.words, "body", blocks=True, target=link.target, likely=link.likely)
    yield from _unattached(edition)


def _unusable_files(edition: Edition) -> Iterator[Check]:
    files: list[tuple[Annex | Illustration, str, str]] = [
        *((annex, str(annex), "annexes") for annex in edition.annexes.all()),
        *(
            (one, f"The picture {one.address.path.rsplit('/', 1)[-1][:80]}", "body")
            for one in edition.illustrations.all()
        ),
    ]
    for file, name, field in files:
        broken = _broken(file) if isinstance(file, Annex) else ""
        if problem := broken or explain_hold(file.blob, name):
            is_waiting = not broken and file.blob.scan == Blob.Scan.WAITING
            yield Check(problem, field, blocks=True, passes=is_waiting)


def _warnings(edition: Edition, dead: list[DeadLink], embargoes: list[Check]) -> Iterator[Check]:
    """What an editor should see, and may find right."""
    if len(edition.title) > LONG_TITLE:
        yield Check(
            f"The title has {len(edition.title)} characters; lists read best up to {LONG_TITLE}.", "title"
        )
    yield from (check for check in embargoes if not check.blocks)
    before = _before(edition)
    for link in dead:
        if link.target in before:
            words = f"{link.words} It is so in the version before, too."
            yield Check(words, "body", target=link.target, likely=link.likely)
    yield from _numbers(edition.body)
    for annex in edition.annexes.all():
        yield from _accessibility(annex)
        if has_location(annex.blob):
            words = f"{annex}: the picture says where it was taken (GPS). Attach a copy without that, unless readers may know."
            yield Check(words, "annexes")


def _unkept_embargo(edition: Edition) -> Iterator[Check]:
    """The words of an embargo stand beside the time until a person said that it keeps them."""
    if not edition.embargo or (edition.embargo_is_confirmed and edition.wanted_from):
        return
    said = f"The text that was brought here says “{' '.join(edition.embargo.split())}”."
    if edition.wanted_from:
        words = (
            f"{said} Confirm that the release may be public from {consent.format_local(edition.wanted_from)}."
        )
        yield Check(words, "embargo_is_confirmed", blocks=True)
    else:
        words = f"{said} Choose the time below “Publish at” and confirm it, or empty “Embargo”."
        yield Check(words, "wanted_from", blocks=True)


def _typed_embargoes(edition: Edition) -> Iterator[Check]:
    """Lines of the text that speak of an embargo, which readers would see. They block until somebody said that the
    time keeps them; those of the version before are known to readers, and of what is approved nobody is asked."""
    found = [] if edition.live_from else find_embargoes(edition.body)
    is_kept = bool(edition.embargo_is_confirmed and edition.wanted_from)
    known = find_embargoes(edition.based_on.body) if found and edition.based_on else []
    ways = (
        "Take it out of the text"
        if is_kept
        else "Use it as “Publish at”, take it out of the text, or confirm that “Publish at” keeps it"
    )
    for typed in found:
        words = " ".join(typed.split())
        ends = read_embargo(words, timezone.get_current_timezone(), timezone.localdate()).ends
        yield Check(
            f"The text says “{words}”, and readers would see that. {ways}.",
            "body",
            blocks=not is_kept and typed not in known,
            embargo=typed,
            instant=ends if ends and ends > timezone.now() else None,
        )


def differs_from_publication(edition: Edition, at: dt.datetime) -> bool:
    """Whether somebody set a release date on purpose that is not the day of publication: the day that is asked for,
    else today. A later version keeps that of the first, and of what is approved already nobody is asked."""
    day = timezone.localdate(edition.wanted_from or at)
    is_asked = edition.release_date_is_set and not edition.based_on_id and not edition.live_from
    return is_asked and edition.release_date != day


def _other_day(edition: Edition) -> Iterator[Check]:
    if edition.release_date_is_confirmed or not differs_from_publication(edition, timezone.now()):
        return
    wanted = edition.wanted_from and f"on {format_date(timezone.localdate(edition.wanted_from))}"
    words = (
        f"The page will say {format_date(edition.release_date)}, and it is to be published {wanted or 'once it is approved'}."
        " Set the release date, or confirm that it is right."
    )
    yield Check(words, "release_date_is_confirmed", blocks=True)


def _empty(edition: Edition) -> Iterator[Check]:
    form = edition.release.form
    if form == Release.Form.TEXT and not edition.body.strip():
        yield Check("The text is empty.", "body", blocks=True)
    if form == Release.Form.FILE and not edition.annexes.all():
        yield Check("A release that is a file needs its file.", "annexes", blocks=True)
    if form == Release.Form.LINK and not edition.link_url:
        yield Check("Say where the release leads.", "link_url", blocks=True)


def _unexplained(edition: Edition) -> Iterator[Check]:
    """No silent edits: every edition after the first says what kind of change it is, and all but typing
    errors why."""
    if not edition.based_on_id:
        return
    if not edition.change_class:
        yield Check("Say what kind of change this is.", "change_class", blocks=True)
    elif edition.change_class != Edition.Change.TYPOGRAPHY and not edition.change_note.strip():
        yield Check("Tell readers in a note what changed and why.", "change_note", blocks=True)


def _broken(annex: Annex) -> str:
    """The bytes are there, all of them."""
    try:
        size = annex.blob.file.stat().st_size
    except OSError:
        return f"The file of {annex} is missing. Attach it again."
    return "" if size == annex.blob.size > 0 else f"The file of {annex} is empty or cut off. Attach it again."


def _before(edition: Edition) -> set[str]:
    """What led nowhere or had no description in the edition before: an old site's faults don't stop a
    correction."""
    body = edition.based_on.body if edition.based_on else ""
    return {link.target for link in [*links.find_links(body), *links.find_images(body)]}


def _numbers(body: str) -> Iterator[Check]:
    """Paragraph numbers that skip or repeat; `1.` throughout counts by itself."""
    typed = [int(number) for number in _TYPED_NUMBER.findall(body)]
    if len(set(typed)) < 2:
        return
    for before, number in itertools.pairwise(typed):
        if number not in (before + 1, 1):
            word = "comes twice" if number == before else f"follows {before}"
            yield Check(f"Paragraph {number} {word}.", "body", paragraph=number)


def _unattached(edition: Edition) -> Iterator[Check]:
    """Annexes that the text speaks of and that are not there; what the edition before lacked too stops
    nobody."""
    to_come = pending_annexes(edition.awaited)
    for label, _ in to_come:
        yield Check(f"{label} has not been attached yet.", "awaited", blocks=True)
    if edition.release.form != Release.Form.TEXT:
        return
    seen = {annex.label.casefold() for annex in edition.annexes.all()}
    seen |= {label.casefold() for label, _ in to_come}
    before = edition.based_on.body if edition.based_on else ""
    seen |= {f"annex {letter}".casefold() for letter in _NAMED_ANNEX.findall(before)}
    for line in split_sentences(edition.body):
        for letter in _NAMED_ANNEX.findall(line.text):
            if (label := f"annex {letter}".casefold()) not in seen:
                seen.add(label)
                words = f"The text names Annex {letter.upper()}, which is not attached."
                yield Check(words, "annexes", blocks=True, paragraph=line.paragraph)


def _accessibility(annex: Annex) -> Iterator[Check]:
    blob = annex.blob
    if blob.media_type != "application/pdf" or not blob.inspected_at:
        return
    if blob.problem:  # what could not be read lacks nothing that anybody knows of
        yield Check(f"{annex}: {blob.problem}", "annexes")
        return
    lacks = [
        words
        for missing, words in (
            (blob.tagged is False, "tags"),
            (not blob.language, "language"),
            (not blob.title, "title"),
            (not blob.text.strip(), "text that can be read aloud or searched"),
        )
        if missing
    ]
    if lacks:
        yield Check(f"{annex}: the PDF has no {', no '.join(lacks)}.", "annexes")


def _batched(keys: Iterable[int], size: int) -> Iterator[list[int]]:
    rest = iter(keys)
    while some := list(itertools.islice(rest, size)):
        yield some
