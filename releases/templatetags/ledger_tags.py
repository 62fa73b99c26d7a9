"""Entries of the ledger in the words of people."""

import datetime as dt
from typing import Any, NamedTuple

from django import template

from releases.models import LedgerEntry
from releases.templatetags.desk_tags import weekday_datetime

register = template.Library()
Verb = LedgerEntry.Verb
DID = {
    Verb.ADD: "Added",
    Verb.AGREE: "Agreed to republish it",
    Verb.APPROVE: "Approved",
    Verb.ASSIGN: "Assigned",
    Verb.CHANGE: "Changed",
    Verb.CLEAR: "Gave the clearance of an agency",
    Verb.COMMENT: "Commented",
    Verb.CONFIRM: "Confirmed a role",
    Verb.DELEGATE: "Let a colleague act for them",
    Verb.DELETE: "Deleted",
    Verb.DERIVE: "Facts were found anew by rule",
    Verb.DISCARD: "Discarded the draft",
    Verb.DRAFT: "Started",
    Verb.DUPLICATE: "Copied from another release",
    Verb.ERASE: "Permanently erased",
    Verb.GRANT: "Gave a role",
    Verb.HAND_OVER: "Handed over",
    Verb.IMPORT: "Came from the old site",
    Verb.INVITE: "Invited",
    Verb.KEEP: "Decided to keep it as it is",
    Verb.LEAVE: "Closed the account",
    Verb.LINKS: "Had the links to other sites checked",
    Verb.MOVE: "Moved to another section",
    Verb.PASSWORD: "Set a password",
    Verb.PREVIEW_LINK: "Made a preview link",
    Verb.PREVIEW_REVOKED: "Ended a preview link",
    Verb.PROPOSE: "Asked a colleague to confirm",
    Verb.REJECT: "Sent back",
    Verb.REMOVED: "Took offline",
    Verb.RENDER: "The page was rendered anew",
    Verb.REOPEN: "Reopened",
    Verb.RESCHEDULE: "Changed the time",
    Verb.RESET: "Took the second factor off",
    Verb.RESTORE: "Republished",
    Verb.SAVE: "Saved",
    Verb.SECOND_FACTOR: "Changed their second factor",
    Verb.SIGN_OUT: "Ended sessions",
    Verb.SITE_FILE: "A file of the old site",
    Verb.SUBMIT: "Submitted for approval",
    Verb.SUGGESTION: "Decided on a suggestion",
    Verb.TAKE: "Took a role away",
    Verb.TAKE_BACK: "Stopped the approval",
    Verb.UNSCHEDULE: "Stopped the publication",
    Verb.WITHDRAWN: "Withdrew",
}
CALLED = {
    "live_from": "public from",
    "wanted_from": "wanted for",
    "shown_from": "from",
    "agency": "agency",
    "note": "who agreed, and how",
    "reason": "reason",
    "from": "from",
    "to": "to",
    "fields": "what",
    "renamed_from": "called before",
    "person": "for",
    "role": "role",
    "state": "decision",
    "urgent": "urgent, because",
}
"""What people are told of the notes of an entry, and how it is called; the rest is for machines."""


class NotedFact(NamedTuple):
    name: str
    value: str


@register.filter
def entry_words(entry: LedgerEntry) -> str:
    """What somebody did: Submitted for approval (version 2)."""
    did = DID.get(Verb(entry.verb), entry.verb)
    what, _, number = entry.subject.partition(" ")
    return f"{did} (version {number})" if what == "edition" and number.isdecimal() else did


@register.filter
def entry_facts(entry: LedgerEntry) -> list[NotedFact]:
    """What more people are told of it."""
    notes = ((CALLED.get(name), _in_words(value)) for name, value in entry.note.items())
    return [NotedFact(name, value) for name, value in notes if name and value]


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if not isinstance(value, str):
        return ""
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    return weekday_datetime(moment) if moment.tzinfo else value
