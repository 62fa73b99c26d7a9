"""What an edition will look like: beside the editor while it is typed, and for named people before it is
public."""

import dataclasses
import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Iterator
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from releases.content.markdown import decorate, render
from releases.content.text import script_languages
from releases.content.text.limits import CONTROLS, DIRECTIONS
from releases.models import Blob, Comment, Edition, LedgerEntry, PreviewLink, PreviewVisit
from releases.services.agreements.names import load_names
from releases.services.editing.draft_files import own_files, with_own_files
from releases.services.editions.digests import digest_edition
from releases.services.editions.rows import ReleaseView
from releases.services.editions.transitions import ActionRefused, refuse_if
from releases.services.website import release_page
from releases.services.website.page_words import find_page_words

Verb = LedgerEntry.Verb
LONGEST = dt.timedelta(days=30)
LONGEST_COMMENT = 10_000
_CONTROL = re.compile(rf"[{CONTROLS}\r\x7f{DIRECTIONS}]")
_DIGEST = re.compile("[0-9a-f]{64}")


def preview(markdown: str, language: str = "en") -> str:
    """Exactly what the page of a release in `language` would show now. Raises BodyRefused."""
    return script_languages.mark_scripts(
        decorate(
            render(markdown),
            names=load_names(timezone.now()),
            words=find_page_words(language),
        ),
        language,
    )


class NewLink(NamedTuple):
    """A preview link, and the token that opens it, which is shown once and not kept."""

    link: PreviewLink
    token: str


def make_link(
    edition: Edition,
    *,
    person: str,
    actor: AbstractBaseUser,
    at: dt.datetime,
    expires_at: dt.datetime | None = None,
    may_comment: bool = False,
) -> NewLink:
    """A link for one person, with its token (256 bits). Raises ActionRefused.

    A person has one link to an edition: the one that they had ends.
    """
    expires_at = expires_at or at + LONGEST
    if not person.strip():
        raise ActionRefused(["Name the one person who gets this link."])
    if not at < expires_at <= at + LONGEST:
        raise ActionRefused(["A preview link lasts for up to 30 days."])
    if edition.live_from and edition.live_from <= at:
        raise ActionRefused(["This edition is public; send its address."])
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        for earlier in edition.preview_links.valid(at).filter(person__iexact=person.strip()):
            revoke(earlier, actor=actor, at=at)
        link = PreviewLink.objects.create(
            edition=edition,
            person=person.strip(),
            token_digest=_digest(token),
            may_comment=may_comment,
            made_by_id=actor.pk,
            made_at=at,
            expires_at=expires_at,
        )
        note = {"person": link.person, "expires": expires_at.isoformat()}
        LedgerEntry.objects.record(Verb.PREVIEW_LINK, at=at, actor=actor, edition=edition, note=note)
    return NewLink(link, token)


def revoke(link: PreviewLink, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """End it at once."""
    with transaction.atomic():
        if PreviewLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=at):
            note = {"person": link.person}
            LedgerEntry.objects.record(
                Verb.PREVIEW_REVOKED, at=at, actor=actor, edition=link.edition, note=note
            )


def find_link(token: str, at: dt.datetime) -> PreviewLink | None:
    """The link that opens with `token` at the instant `at`."""
    links = PreviewLink.objects.valid(at).select_related("edition__release", "edition__address")
    return links.filter(token_digest=_digest(token)).first()


def page_for(link: PreviewLink, files: str, at: dt.datetime) -> ReleaseView:
    """The page of the link's edition as it is now; its own files lead to `files` + SHA-256.

    The visit is logged.
    """
    page = release_page.find_draft_page(link.edition_id, at)
    PreviewVisit.objects.create(link=link, at=at)
    annexes = [dataclasses.replace(annex, pages=None, readable=True) for annex in page.annexes]
    return with_own_files(dataclasses.replace(page, annexes=annexes), lambda sha256: f"{files}{sha256}/")


class PreviewFile(NamedTuple):
    """A file of an edition, and the path that it has on the site."""

    path: str
    blob: Blob


def file_for(link: PreviewLink, sha256: str, at: dt.datetime) -> PreviewFile | None:
    """The file of the link's edition with this SHA-256 (hex), None where it has none; the visit is logged."""
    files = (PreviewFile(path, blob) for path, blob in own_files(link.edition).items())
    found = next((file for file in files if file.blob.pk == sha256), None)
    if found:
        PreviewVisit.objects.create(link=link, at=at, what=found.path)
    return found


def comment(link: PreviewLink, *, text: str, consents: bool, at: dt.datetime, seen: str = "") -> Comment:
    """What the reviewer writes. It approves nothing. Raises ActionRefused.

    `seen` is the digest of what they read: nobody agrees to a text that changed since.
    """
    text = comment_text(text)
    refuse_if(_why_not_comment(link, text, consents, seen))
    with transaction.atomic():
        made = Comment.objects.create(
            edition=link.edition,
            link=link,
            at=at,
            text=text,
            consents=consents,
            digest=seen if _DIGEST.fullmatch(seen) else digest_edition(link.edition),
        )
        note = {"person": link.person, "consents": consents}
        LedgerEntry.objects.record(Verb.COMMENT, at=at, edition=link.edition, after=made.digest, note=note)
    return made


def comment_text(typed: str) -> str:
    """What was typed, without control characters and marks that turn its direction."""
    return _CONTROL.sub("", typed.replace("\r\n", "\n")).strip()


def _why_not_comment(link: PreviewLink, text: str, consents: bool, seen: str) -> Iterator[str]:
    if not link.may_comment:
        yield "This link does not take comments."
    if not text and not consents:
        yield "Write a comment, or tick that you agree."
    if len(text) > LONGEST_COMMENT:
        yield f"Your comment has {len(text):,} characters; {LONGEST_COMMENT:,} are allowed."
    if consents and seen != digest_edition(link.edition):
        yield "The text changed after you opened it. Read it again, then tick that you agree."


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
