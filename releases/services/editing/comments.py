"""What colleagues say about an edition at the desk.

Readers never see it; what reviewers say through a link is in `previews`.
"""

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from releases.models import Comment, CommentReading, Edition, LedgerEntry
from releases.services.accounts.permissions import Authority, Right
from releases.services.editing.previews import LONGEST_COMMENT, comment_text
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused, lock_edition
from releases.services.mail import notifications


def add_comment(
    edition: Edition, *, text: str, actor: AbstractBaseUser, at: dt.datetime, reply_to: Comment | None = None
) -> Comment:
    """Keep what `actor` says; the same words sent twice in a row to the same comment, or to none, are one. Raises
    ActionRefused.

    A reply to a reply is one to the comment that began it.
    """
    answered = (reply_to.reply_to_id or reply_to.pk) if reply_to else None
    words = comment_text(text)
    if not words:
        raise ActionRefused(["Write the comment first."])
    if len(words) > LONGEST_COMMENT:
        raise ActionRefused([f"Your comment has {len(words):,} characters; {LONGEST_COMMENT:,} are allowed."])
    if not Authority(actor, at).may(Right.FOLLOW, edition):
        raise ActionRefused(["Only people of the agencies that issue this release can comment on it."])
    with transaction.atomic():
        edition = lock_edition(edition)
        if edition.erased_at:
            raise ActionRefused(["This release was erased."])
        last = edition.comments.order_by("-pk").first()
        if last and (last.author_id, last.text, last.reply_to_id) == (actor.pk, words, answered):
            return last
        said = Comment.objects.create(
            edition=edition,
            author_id=actor.pk,
            at=at,
            text=words,
            digest=digest_edition(edition),
            reply_to_id=answered,
        )
        LedgerEntry.objects.record(
            LedgerEntry.Verb.COMMENT, at=at, actor=actor, edition=edition, after=said.digest
        )
        notifications.tell_comment(edition, actor=actor, at=at)
    return said


def resolve_comment(comment: Comment, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """It is dealt with, with its replies; who did that first, and when, stays."""
    Comment.objects.filter(pk=comment.pk, resolved_at=None).update(resolved_at=at, resolved_by=actor.pk)


def reopen_comment(comment: Comment) -> None:
    """It is not dealt with after all."""
    Comment.objects.filter(pk=comment.pk).update(resolved_at=None, resolved_by=None)


def mark_read(edition: Edition, user: AbstractBaseUser, at: dt.datetime) -> None:
    """`user` has seen every comment on the edition until the instant `at`."""
    CommentReading.objects.bulk_create(
        [CommentReading(edition=edition, user_id=user.pk, at=at)],
        update_conflicts=True,
        unique_fields=["edition", "user"],
        update_fields=["at"],
    )


def unread_comments(authority: Authority) -> QuerySet[Comment]:
    """What others said of editions whose making the user may follow, was not resolved, and is new to them; the
    newest first."""
    read = CommentReading.objects.filter(edition=OuterRef("edition"), user=authority.user.pk)
    rows = Comment.objects.alias(read_at=Subquery(read.values("at")[:1]))
    rows = rows.filter(Q(read_at=None) | Q(at__gt=F("read_at")), resolved_at__isnull=True)
    if not authority.has_all:
        rows = rows.filter(Exists(authority.editable_editions.filter(pk=OuterRef("edition")).order_by()))
    return rows.exclude(author=authority.user.pk).order_by("-at")
