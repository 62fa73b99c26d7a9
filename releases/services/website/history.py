"""What readers may see of a release's earlier editions."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop

from releases.content.extraction.kinds import KINDS
from releases.content.text.diff import (
    Paragraph,
    Stretch,
    compare_paragraphs,
    compare_texts,
    count_changed_words,
    group_paragraphs,
)
from releases.content.text.rendered import Link, read_rendered
from releases.models import Annex, Edition, Illustration

FileRow = Annex | Illustration


@dataclass(frozen=True, slots=True)
class FactChange:
    """Something beside the text that differs; `name` is what readers call it, in the language of the
    source."""

    name: str
    before: tuple[object, ...]
    after: tuple[object, ...]


class ComparedText(NamedTuple):
    """A text beside the body; `name` is what readers call it, in the language of the source."""

    name: str
    paragraphs: list[Paragraph]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`body` is the text as readers see it; `texts`: the shorter ones beside it that differ. `links`, `files`:
    sentences on where links lead and how the text is laid out, and on annexes and pictures, translated.
    `words`: how many words of all texts changed.
    """

    before: Edition
    after: Edition
    title: list[Paragraph]
    body: list[Paragraph]
    texts: list[ComparedText]
    facts: list[FactChange]
    links: list[str]
    files: list[str]
    words: int

    @property
    def stretches(self) -> list[Stretch]:
        return group_paragraphs(self.body)

    @property
    def has_other_title(self) -> bool:
        return self.before.title != self.after.title

    @property
    def kept(self) -> list[str]:
        """What does not differ and is not empty, as readers call it, in the language of the source."""
        differ = {text.name for text in self.texts} | {fact.name for fact in self.facts}
        texts = [name for name, old, _ in _short_texts(self.before, self.after) if old]
        facts = [name for name, values in _known(self.before) if any(values)]
        title = [] if self.has_other_title else [gettext_noop("Title")]
        files = [] if self.files or not self.after.annexes.all() else [gettext_noop("Annexes")]
        return [*title, *(name for name in [*texts, *facts] if name not in differ), *files]

    @property
    def same_paragraphs(self) -> int:
        """How many paragraphs of the body do not differ."""
        return sum(not paragraph.changed for paragraph in self.body)


def list_public_editions(release: int, at: dt.datetime) -> QuerySet[Edition]:
    """The editions that have been public by `at`, the newest first; none unless the release is live."""
    live = Edition.objects.live(at).filter(release=release)
    on_record = Edition.objects.on_record(at).filter(release__in=live.values("release"))
    return on_record.select_related("address").order_by("-number")


def find_comparison(release: int, number: int, at: dt.datetime) -> Comparison | None:
    """Edition `number` against the public one before it; None when either was never public."""
    editions = list(
        list_public_editions(release, at).filter(number__lte=number).prefetch_related("annexes__blob")[:2]
    )
    if len(editions) < 2 or editions[0].number != number:
        return None
    return compare_editions(editions[1], editions[0])


def compare_editions(before: Edition, after: Edition) -> Comparison:
    """Any two editions: their texts word by word, and everything else that readers see of them."""
    old, new = read_rendered(before.body_html), read_rendered(after.body_html)
    title, body = compare_texts(before.title, after.title), compare_paragraphs(old.blocks, new.blocks)
    links = list(_link_changes(old.links, new.links))
    if before.body_html != after.body_html and old == new:
        links.append(gettext("The words are the same. Only their layout changed."))
    texts = [
        ComparedText(name, compare_texts(old, new))
        for name, old, new in _short_texts(before, after)
        if old != new
    ]
    words = sum(count_changed_words(paragraphs) for paragraphs in (title, body, *(text for _, text in texts)))
    return Comparison(
        before, after, title, body, texts, _facts(before, after), links, _files(before, after), words
    )


def _link_changes(before: list[Link], after: list[Link]) -> Iterator[str]:
    """What the words don't show: the same words lead elsewhere, or no longer anywhere."""
    old, new = _by_words(before), _by_words(after)
    for words in dict.fromkeys([*old, *new]):
        gone, come = (
            _others(old.get(words, []), new.get(words, [])),
            _others(new.get(words, []), old.get(words, [])),
        )
        if gone or come:
            yield _told_link(words or gettext("Video"), gone, come)


def _others(addresses: list[str], known: list[str]) -> str:
    return ", ".join(address for address in addresses if address not in known)


def _told_link(words: str, gone: str, come: str) -> str:
    named = {"words": words, "old": gone, "new": come}
    if not come:
        return gettext("“%(words)s” no longer leads to %(old)s.") % named
    if not gone:
        return gettext("“%(words)s” now leads to %(new)s.") % named
    return gettext("“%(words)s” now leads to %(new)s, not to %(old)s.") % named


def _by_words(links: list[Link]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for words, address in links:
        found.setdefault(words, []).append(address)
    return found


def _short_texts(before: Edition, after: Edition) -> Iterator[tuple[str, str, str]]:
    yield gettext_noop("Summary"), before.summary, after.summary
    yield gettext_noop("Contact"), before.contacts, after.contacts


def _facts(before: Edition, after: Edition) -> list[FactChange]:
    return [
        FactChange(name, old, new)
        for (name, old), (_, new) in zip(_known(before), _known(after), strict=True)
        if old != new
    ]


def _known(edition: Edition) -> Iterator[tuple[str, tuple[object, ...]]]:
    yield gettext_noop("From"), tuple(str(issuer) for issuer in edition.issuers.all())
    yield gettext_noop("Date"), (edition.release_date,)
    yield gettext_noop("Address"), (edition.permalink,)
    yield gettext_noop("Language"), (edition.language,)
    yield gettext_noop("Kind"), (KINDS[edition.kind],)
    yield gettext_noop("Link"), tuple(filter(None, [edition.link_url]))
    yield gettext_noop("Agreements"), tuple(sorted(str(one) for one in edition.agreements.all()))


def _files(before: Edition, after: Edition) -> list[str]:
    """What became of annexes and pictures; one that keeps its address, or else its name, is the same one."""
    annexes = list(before.annexes.all()), list(after.annexes.all())
    pictures = list(before.illustrations.all()), list(after.illustrations.all())
    return [*_changes(*annexes, str), *_order(*annexes), *_changes(*pictures, _picture)]


def _changes(
    before: Sequence[FileRow], after: Sequence[FileRow], name: Callable[[FileRow], str]
) -> Iterator[str]:
    pairs = _pairs(before, after, name)
    kept = {new.pk for _, new in pairs}
    yield from (
        gettext("%s was taken away.") % name(old) for old in _without(before, {old.pk for old, _ in pairs})
    )
    yield from (gettext("%s was added.") % name(new) for new in _without(after, kept))
    for old, new in pairs:
        if name(old) != name(new):
            yield gettext("%(old)s is now called %(new)s.") % {"old": name(old), "new": name(new)}
        if old.blob_id != new.blob_id:
            yield gettext("%(name)s was replaced (%(old)s bytes before, %(new)s now).") % {
                "name": name(new),
                "old": f"{old.blob.size:,}",
                "new": f"{new.blob.size:,}",
            }
        if getattr(old, "language", "") != getattr(new, "language", ""):
            yield gettext("The language of %s changed.") % name(new)


def _pairs(
    before: Sequence[FileRow], after: Sequence[FileRow], name: Callable[[FileRow], str]
) -> list[tuple[FileRow, FileRow]]:
    by_address = {new.address_id: new for new in after}
    pairs = [(old, by_address[old.address_id]) for old in before if old.address_id in by_address]
    done = {row.pk for pair in pairs for row in pair}
    by_name = {name(new): new for new in _without(after, done)}
    return pairs + [(old, by_name.pop(name(old))) for old in _without(before, done) if name(old) in by_name]


def _without(rows: Sequence[FileRow], keys: set[int]) -> list[FileRow]:
    return [row for row in rows if row.pk not in keys]


def _order(before: Sequence[Annex], after: Sequence[Annex]) -> Iterator[str]:
    both = {one.address_id for one in before} & {one.address_id for one in after}
    old, new = ([one.address_id for one in rows if one.address_id in both] for rows in (before, after))
    if old != new:
        yield gettext("The order of the annexes is now: %s.") % ", ".join(map(str, after))


def _picture(picture: FileRow) -> str:
    """Its file, which readers don't see, and the words that stand for it, which they may hear."""
    name = picture.address.path.rpartition("/")[2]
    words = getattr(picture, "alt_text", "")
    return f"{name} ({words})" if words else name
