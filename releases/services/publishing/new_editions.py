"""The draft of a release's next edition: a copy of the last one, or what an old one said."""

from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from releases.models import Edition, LedgerEntry
from releases.services.accounts.permissions import Authority, Right
from releases.services.editing.draft_values import as_new
from releases.services.editing.draft_writer import DraftToWrite, read_draft, write_drafts
from releases.services.editions.digests import edition_values
from releases.services.editions.transitions import lock_edition, record_writing
from releases.services.publishing.approval import find_predecessor

UNSAID = {"change_note": "", "change_class": ""}


def start_next_edition(edition: Edition, *, author: AbstractBaseUser, at: datetime) -> Edition:
    """A draft that starts as a copy of `edition`, issuers, annexes, illustrations and agreements included."""
    with transaction.atomic():
        last = lock_edition(edition)
        copy = Edition(
            release=last.release,
            number=1 + max(last.release.editions.values_list("number", flat=True)),
            based_on=last,
            author_id=author.pk,
        )
        kept = as_new(read_draft(last.pk).values)
        values = replace(
            kept, change_note="", change_class="", wanted_from=None, embargo="", release_date_is_set=True
        )
        write_drafts([DraftToWrite(copy, values)])
        record_writing(LedgerEntry.Verb.DRAFT, copy, actor=author, at=at, before=last.digest)
    return copy


def open_next_edition(edition: Edition, *, author: AbstractBaseUser, at: datetime) -> Edition:
    """The draft of the next edition: the one that is being written where somebody has begun it, else a new
    one."""
    with transaction.atomic():
        last = lock_edition(edition)
        waiting = Edition.objects.filter(based_on=last.pk).exclude(state=Edition.State.APPROVED)
        authority = Authority(author, at)
        theirs = (one for one in waiting.order_by("number") if authority.may(Right.WRITE, one))
        begun = next(theirs, None)
        return begun or start_next_edition(last, author=author, at=at)


def restore_as_draft(edition: Edition, *, author: AbstractBaseUser, at: datetime) -> Edition:
    """A draft with what an old edition said, to succeed the one that is live or scheduled now; asked twice,
    the same one."""
    with transaction.atomic():
        lock_edition(edition)
        last = find_predecessor(edition)
        if made := _same_restored(edition, last, Authority(author, at)):
            return made
        draft = start_next_edition(edition, author=author, at=at)
        Edition.objects.filter(pk=draft.pk).update(based_on=last)
        draft.based_on = last
    return draft


def _same_restored(edition: Edition, last: Edition | None, authority: Authority) -> Edition | None:
    """A draft that says what the old edition said, and that nobody has changed since."""
    waiting = Edition.objects.filter(based_on=last, release=edition.release_id, state=Edition.State.DRAFT)
    own = [one for one in waiting.order_by("number") if authority.may(Right.WRITE, one)]
    wanted = edition_values(edition) | UNSAID
    return next((draft for draft in own if edition_values(draft) | UNSAID == wanted), None)
