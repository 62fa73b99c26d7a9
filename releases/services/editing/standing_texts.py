"""Contacts and closing texts of agencies in the texts of drafts.

A draft holds a copy, word for word, as a part of its own between blank lines; by that it is found again. Who
edits the copy by hand has a text of their own, which nothing changes any more.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf

from releases.content.markdown import BodyRefused, render
from releases.models import AgencyContact, Boilerplate, Edition
from releases.services.editing.draft_writer import read_draft
from releases.services.editing.drafts import save_draft

StandingText = AgencyContact | Boilerplate
FIELDS: dict[type[StandingText], str] = {AgencyContact: "contacts", Boilerplate: "body"}
"""The field of an edition in which each kind stands."""


class Offer(NamedTuple):
    """A standing text that can be put into a field of an edition; `key` is unique among those of its
    field."""

    field: str
    key: int
    name: str
    block: str


def list_offers(agencies: Collection[int] | None, day: dt.date) -> list[Offer]:
    """The contacts that hold on `day` and the closing texts of these agencies (None: of all), in one
    query."""
    contacts, texts = AgencyContact.objects.on(day), Boilerplate.objects.all()
    if agencies is not None:
        contacts, texts = contacts.filter(agency__in=agencies), texts.filter(agency__in=agencies)
    called = Coalesce(NullIf("agency__acronym", Value("")), "agency__slug", output_field=TextField())
    empty = Value("")
    rows = contacts.order_by().values_list(Value("contacts"), called, "pk", "name", "phone", "email", "hours")
    others = texts.order_by().values_list(Value("body"), called, "pk", "title", "text", empty, empty)
    offers = []
    for field, agency, key, name, *rest in rows.union(others):
        contact = AgencyContact(name=name, phone=rest[0], email=rest[1], hours=rest[2])
        row = contact if field == "contacts" else Boilerplate(title=name, text=rest[0])
        offers.append(Offer(field, key, f"{agency}: {name}", row.block))
    return sorted(offers, key=lambda offer: offer.name)


def has_block(text: str, block: str) -> bool:
    """Whether `block` stands in `text` between blank lines, word for word."""
    return bool(block) and f"\n\n{block}\n\n" in _framed(text)


def replace_block(text: str, block: str, new: str) -> str:
    """The text with `new` in the place of `block` ("": without it)."""
    there = f"\n\n{new}\n\n" if new else "\n\n"
    return _framed(text).replace(f"\n\n{block}\n\n", there, 1).strip("\n")


def change_blocks(text: str, *, added: Iterable[str], removed: Iterable[str]) -> str:
    """The text without some parts, and with others that are not there yet at its end."""
    for block in removed:
        text = replace_block(text, block, "") if has_block(text, block) else text
    missing = [block for block in added if not has_block(text, block)]
    return "\n\n".join(filter(None, (text.rstrip("\n"), *missing))) if missing else text


def find_drafts(row: StandingText, drafts: QuerySet[Edition]) -> list[Edition]:
    """Those of `drafts` that are still written or wait for an approval, and hold the text of `row`."""
    field = FIELDS[type(row)]
    first = row.block.partition("\n")[0]  # lines of a stored text may end otherwise
    is_open: Any = {"erased_at__isnull": True, f"{field}__contains": first}
    found = drafts.exclude(state=Edition.State.APPROVED).filter(**is_open).distinct().order_by("-updated_at")
    return [one for one in found.defer("body_html") if has_block(getattr(one, field), row.block)]


def why_not_rewrite(before: StandingText, row: StandingText, draft: Edition) -> str:
    """Why the text of `row` can't take the place of that of `before` in a draft; "" where it can."""
    if isinstance(row, Boilerplate) and row.block != before.block:
        try:
            render(replace_block(draft.body, before.block, row.block))
        except BodyRefused as refused:
            return str(refused)
    return ""


def rewrite_drafts(
    before: StandingText,
    row: StandingText,
    drafts: Sequence[Edition],
    *,
    actor: AbstractBaseUser,
    at: dt.datetime,
) -> list[Edition]:
    """Put the text of `row` where that of `before` stands in these drafts, and return those that changed.

    It is a save of `actor` in each, who has written in it then; clearances of another text become void.
    """
    field, changed = FIELDS[type(row)], []
    for draft in drafts:
        stored = read_draft(draft.pk)
        text = getattr(stored.values, field)
        if stored.edition.state == Edition.State.APPROVED or not has_block(text, before.block):
            continue
        new: Any = {field: replace_block(text, before.block, row.block), "body_html": None}
        values = replace(stored.values, **new)
        save_draft(stored.edition, values, base=stored.edition.lock_version, actor=actor, at=at)
        changed.append(stored.edition)
    return changed


def _framed(text: str) -> str:
    plain = text.replace("\r\n", "\n").strip("\n")
    return f"\n\n{plain}\n\n"
