"""What colleagues say about an edition at the desk.

Readers never see it; what reviewers say through a link is in `previews`.
"""

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from releases.models import Comment, Edition, LedgerEntry
from releases.services.accounts.permissions import Authority, Right
from releases.services.editing.previews import LONGEST_COMMENT, comment_text
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused, lock_edition
from releases.services.mail import notifications


def add_comment(edition: Edition, *, text: str, actor: AbstractBaseUser, at: dt.datetime) -> Comment:
    """Keep what `actor` says; the same words sent twice in a row are one comment. Raises ActionRefused."""
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
            edition=edition, author_id=actor.pk, at=at, text=words, digest=digest_edition(edition)
        )
        LedgerEntry.objects.record(
            LedgerEntry.Verb.COMMENT, at=at, actor=actor, edition=edition, after=said.digest
        )
        notifications.tell_comment(edition, actor=actor, at=at)
    return said
