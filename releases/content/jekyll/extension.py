"""What a release has and no Jekyll site has a word for, under one key of a post's front matter: no way back
loses it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from releases.content.text.limits import LONGEST_TITLE

KEY = "pressroom"
AWAY = ("withdrawn", "removed")


@dataclass(frozen=True, slots=True)
class NamedAnnex:
    """An annex as it is listed; `path` is its address as a link."""

    path: str
    label: str
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class Away:
    """Withdrawn or removed, since when and why."""

    kind: str
    since: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Extras:
    """`issuers` are slugs of agencies, lead first; `form` is that of the release where the other keys do not
    tell it; `kind` is what somebody said that it is, which may be no kind that there is."""

    form: str = ""
    kind: str = ""
    issuers: tuple[str, ...] = ()
    annexes: tuple[NamedAnnex, ...] = ()
    contacts: str = ""
    away: Away | None = None


def parse_extras(front: Mapping[str, Any]) -> Extras:
    """What front matter says under the key; whatever there is not as we write it counts as not said."""
    told = front.get(KEY)
    if not isinstance(told, dict):
        return Extras()
    return Extras(
        form="file" if "file" in (told.get("form"), told.get("kind")) else "",
        kind=_text(told.get("kind")),
        issuers=tuple(filter(None, map(_text, _rows(told, "issuers")))),
        annexes=tuple(_annexes(told)),
        contacts=_words(told.get("contacts")),
        away=_away(told.get("away")),
    )


def format_extras(extras: Extras) -> dict[str, object]:
    """The inverse of `parse_extras`: the key with what there is to say; nothing where there is nothing."""
    away = extras.away
    told: dict[str, object] = {
        "form": extras.form,
        "kind": extras.kind,
        "issuers": list(extras.issuers),
        "annexes": [_said(one) for one in extras.annexes],
        "contacts": extras.contacts,
        "away": away and {"kind": away.kind, "since": away.since.isoformat(), "reason": away.reason},
    }
    said = {name: value for name, value in told.items() if value}
    return {KEY: said} if said else {}


def _said(annex: NamedAnnex) -> dict[str, str]:
    told = {"path": annex.path, "label": annex.label, "title": annex.title, "language": annex.language}
    return {name: value for name, value in told.items() if value}


def _annexes(told: Mapping[str, Any]) -> Iterator[NamedAnnex]:
    for row in _rows(told, "annexes"):
        if isinstance(row, dict) and _text(row.get("path")):
            path, label, title, language = (
                _text(row.get(name)) for name in ("path", "label", "title", "language")
            )
            yield NamedAnnex(path, label[:80], title[:LONGEST_TITLE], language[:35])


def _away(told: object) -> Away | None:
    if not isinstance(told, dict) or told.get("kind") not in AWAY or not _words(told.get("reason")):
        return None
    since = told.get("since")
    try:
        since = dt.datetime.fromisoformat(since) if isinstance(since, str) else since
    except ValueError:
        return None
    if not isinstance(since, dt.datetime) or since.tzinfo is None:
        return None
    return Away(told["kind"], since, _words(told["reason"]))


def _rows(told: Mapping[str, Any], name: str) -> list[Any]:
    rows = told.get(name)
    return rows if isinstance(rows, list) else []


def _words(value: object) -> str:
    """Lines as they are."""
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""


def _text(value: object) -> str:
    return " ".join(value.replace("\x00", "").split()) if isinstance(value, str) else ""
