"""Footnotes of HTML: a mark that leads to a note, and the note, which leads back, in the shapes of all offices."""

import re

from bs4 import BeautifulSoup, Tag

_MARK = re.compile(r"\s*[\[(]?\s*(?:\w{1,4}|[*†‡§])\s*[\])]?\s*")


def take_notes(soup: BeautifulSoup) -> list[tuple[str, Tag]]:
    """(name, what the note says) in the order of the marks, which become `<sup data-note="NAME">`; the notes are
    out of the soup then."""
    tags = soup.find_all(True)
    order = {id(tag): number for number, tag in enumerate(tags)}
    named = [(str(tag.get("id") or tag.get("name") or ""), tag) for tag in tags]
    places = {name: tag for name, tag in named if name}
    notes: dict[str, tuple[str, Tag]] = {}
    marks = [link for link in soup.find_all("a", href=re.compile("^#.")) if _MARK.fullmatch(link.get_text())]
    for mark in marks:
        if not mark.decomposed:  # else it led back to another
            _take_mark(mark, places, notes, order)
    for _, note in notes.values():
        _take_out(note)
    return list(notes.values())


def _take_mark(
    mark: Tag, places: dict[str, Tag], notes: dict[str, tuple[str, Tag]], order: dict[int, int]
) -> None:
    """Add the note that the mark leads to, and name it at the mark; `order`: the place of each element."""
    target = str(mark["href"])[1:]
    if target not in notes and (note := _find_note(mark, places.get(target), order)):
        notes[target] = (str(len(notes) + 1), note)
    if target in notes and notes[target][1] not in mark.parents:
        _replace_mark(mark, notes[target][0])


def _find_note(mark: Tag, place: Tag | None, order: dict[int, int]) -> Tag | None:
    """The paragraph or item at the place, if it stands behind the mark, around which it is not, and leads back
    to it."""
    holders = [] if place is None else [place, *place.parents]
    note = next((one for one in holders if one.name in ("li", "div", "p")), None)
    if note is None or order[id(note)] < order[id(mark)]:  # what is around the mark comes before it
        return None
    own = [mark, *mark.parents][:3]
    names = {str(tag.get(key)) for tag in own for key in ("id", "name") if tag.get(key)}
    back = [link for link in note.find_all("a", href=True) if str(link["href"])[1:] in names]
    for link in back:
        link.decompose()
    return note if back else None


def _replace_mark(mark: Tag, name: str) -> None:
    outer = mark.parent if mark.parent is not None and mark.parent.name == "sup" else mark
    if outer is not mark and outer.get_text().strip() != mark.get_text().strip():
        outer = mark
    sign = Tag(name="sup", attrs={"data-note": name})
    sign.string = name
    outer.replace_with(sign)


def _take_out(note: Tag) -> None:
    """With the list or block around it, once that is empty."""
    holders = list(note.parents)
    note.extract()
    for holder in holders:
        if holder.name not in ("ol", "ul", "div") or holder.get_text().strip():
            return
        holder.extract()
