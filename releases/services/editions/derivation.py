"""What rules find in an edition: its kind, its lead, and who issued an import that names nobody itself.

What somebody typed, or confirmed by an approval, is never found anew; the column beside such a fact names no rule.
"""

import contextlib
import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from releases.content.extraction import kinds, leads
from releases.content.text.canonical import digest_values
from releases.models import Agency, Edition, Issuer, LedgerEntry, fast_insert
from releases.models.rules import DERIVED
from releases.services.editions.progress import Progress
from releases.services.editions.transitions import lock_edition

RULES = tuple(DERIVED.values())
DERIVED_COLUMNS = ("kind_rule", "lead_text", "lead_rule", "issuers_rule")
"""Columns that nobody types."""
FOUND = ("kind", "kind_rule", "lead_text", "lead_rule")


def derive_facts(edition: Edition, section_kind: str) -> None:
    """Set the lead of an edition that is being written and, unless it has one that was typed, its kind."""
    edition.kind_rule = ""
    if not edition.kind:
        _find_kind(edition, section_kind)
    _find_lead(edition)


def confirm_facts(edition: Edition) -> None:
    """From now on all of it is typed: set, not stored."""
    for rule in RULES:
        setattr(edition, rule, "")


def rederive_editions(*, at: dt.datetime, progress: Progress) -> int:
    """Find anew what rules found in imports that nobody has saved or approved here; returns how many changed.

    Each is a transaction of its own, with an entry in the ledger where a fact changed.
    """
    untouched = Edition.objects.filter(origin=Edition.Origin.IMPORT, lock_version=0, erased_at__isnull=True)
    keys = untouched.order_by("pk").only("pk", "release_id")
    changed = 0
    for edition in progress(list(keys), "Finding facts"):
        # a draft may be discarded meanwhile
        with contextlib.suppress(ObjectDoesNotExist), transaction.atomic():
            changed += _rederive(lock_edition(edition), at)
    return changed


def replace_issuers(
    edition: Edition, issuers: Iterable[tuple[Agency, str, str]], rule: str, at: dt.datetime
) -> None:
    """Give an import whose issuers a rule found those that `rule` finds now: agency, name and acronym of each,
    the lead first.

    Call it inside a transaction; the ledger gets an entry, and the words of search are the caller's.
    """
    before = list(edition.issuers.values_list("agency__slug", "name", "acronym"))
    edition.issuers.all().delete()
    rows = [
        Issuer(edition=edition, position=place, agency=agency, name=name, acronym=acronym)
        for place, (agency, name, acronym) in enumerate(issuers, 1)
    ]
    fast_insert.insert_all(rows)
    edition.issuers_rule = rule
    fast_insert.update(edition, "issuers_rule")
    after = [(one.agency.slug, one.name, one.acronym) for one in rows]
    slugs = [[slug for slug, *_ in named] for named in (before, after)]
    _record(edition, at, before, after, {"issuers": slugs, "rules": [rule]})


def _rederive(edition: Edition, at: dt.datetime) -> bool:
    """Whether a fact is another one now. One that somebody touched meanwhile stays."""
    before, rules = (edition.kind, edition.lead_text), (edition.kind_rule, edition.lead_rule)
    if edition.lock_version:
        return False
    if edition.kind_rule:
        _find_kind(edition, edition.release.section.kind)
    if edition.lead_rule:
        _find_lead(edition)
    after, found = (edition.kind, edition.lead_text), (edition.kind_rule, edition.lead_rule)
    if (after, found) != (before, rules):
        fast_insert.update(edition, *FOUND)
    if after == before:
        return False
    _record(edition, at, before, after, {"kind": [before[0], after[0]], "rules": list(found)})
    return True


def _record(
    edition: Edition, at: dt.datetime, before: object, after: object, note: dict[str, object]
) -> None:
    LedgerEntry.objects.record(
        LedgerEntry.Verb.DERIVE,
        at=at,
        edition=edition,
        before=digest_values(before),
        after=digest_values(after),
        note=note,
    )


def _find_kind(edition: Edition, section_kind: str) -> None:
    edition.kind, rule = kinds.find_kind(edition.title, edition.body_html, section_kind)
    edition.kind_rule = f"{rule} {kinds.VERSION}"


def _find_lead(edition: Edition) -> None:
    edition.lead_text = leads.cut_lead(edition.body_html, edition.title)
    edition.lead_rule = f"lead {leads.VERSION}"
