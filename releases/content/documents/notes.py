"""Footnotes of HTML: a mark that leads to a note, and the note, which leads back, in the shapes of all offices."""

import re

from bs4 import BeautifulSoup, Tag

_MARK = re.compile(r"\s*[\[(]?\s*(?:\w{1,4}|[*†‡§])\s*[\])]?\s*")


def take_notes(soup: BeautifulSoup) -> list[tuple[str, Tag]]:
    """(name, what the note says) in the order of the marks, which become `<sup data-note="NAME">`; the notes are
    out of the soup then."""
    places = {
        str(tag.get("id") or tag.get("name")): tag
        for tag in soup.find_all(True)
        if tag.get("id") or tag.get("name")
    }
    notes: dict[str, tuple[str, Tag]] = {}
    marks = [link for link in soup.find_all("a", href=re.compile("^#.")) if _MARK.fullmatch(link.get_text())]
    for mark in marks:
        if mark.decomposed:  # it led back to another
            continue
        target = str(mark["href"])[1:]
        if target not in notes and (note := _find_note(mark, places.get(target))):
            notes[target] = (str(len(notes) + 1), note)
        if target in notes and notes[target][1] not in mark.parents:
            _replace_mark(mark, notes[target][0])
    found = list(notes.values())
    for _, note in found:
        _take_out(note)
    return found


def _find_note(mark: Tag, place: Tag | None) -> Tag | None:
    """The paragraph or item at the place, if it is another one than the mark's and leads back to it."""
    if place is None:
        return None
    note = place if place.name in ("li", "div", "p") else place.find_parent(["li", "div", "p"])
    if note is None or note in mark.parents:
        return None
    names = {str(tag.get(key)) for tag in [mark, *mark.parents][:3] for key in ("id", "name") if tag.get(key)}
    back = [link for link in note.find_all("a", href=True) if str(link["href"])[1:] in names]
    is_later = any(one is note for one in mark.find_all_next(note.name))
    for link in back if is_later else []:
        link.decompose()
    return note if back and is_later else None


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
