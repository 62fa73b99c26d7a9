"""What colleagues say about an edition at the desk.

Readers never see it; what reviewers say through a link is in `previews`.
"""

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser, User
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
    """Keep what `actor` says; the same words sent twice in a row are one comment. Raises ActionRefused.

    A reply to a reply is one to the comment that began it.
    """
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
        if last and (last.author_id, last.text) == (actor.pk, words):
            return last
        said = Comment.objects.create(
            edition=edition,
            author_id=actor.pk,
            at=at,
            text=words,
            digest=digest_edition(edition),
            reply_to_id=(reply_to.reply_to_id or reply_to.pk) if reply_to else None,
        )
        LedgerEntry.objects.record(
            LedgerEntry.Verb.COMMENT, at=at, actor=actor, edition=edition, after=said.digest
        )
        notifications.tell_comment(edition, actor=actor, at=at)
    return said


def resolve_comment(comment: Comment, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """It is dealt with, with its replies; one that was, is open again."""
    is_open = comment.resolved_at is None
    comment.resolved_at, comment.resolved_by = (
        (at, User.objects.get(pk=actor.pk)) if is_open else (None, None)
    )
    comment.save(update_fields=["resolved_at", "resolved_by"])


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
