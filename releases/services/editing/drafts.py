"""Saving a draft as a person does: what was typed is written, and all that follows from it, in one
transaction."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import cast
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, User
from django.db import transaction
from django.db.models import Q

from releases.content.documents.embargoes import find_embargoes
from releases.content.files.links import find_images
from releases.content.text.permalinks import digest_path
from releases.models import Agency, Blob, Edition, Issuer, LedgerEntry, Mail, Release, Upload
from releases.services.accounts import consent, notices
from releases.services.accounts.permissions import Authority
from releases.services.agreements.suggestions import save_suggestions
from releases.services.editing.draft_values import DraftValues, PictureValues, clear_arrived
from releases.services.editing.draft_writer import DraftToWrite, StoredDraft, read_draft, write_drafts
from releases.services.editions.transitions import ActionRefused, record_writing, refuse_if
from releases.services.files.inspection import enqueue_blob
from releases.services.mail import notifications


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save left: the edition, its digest before ("" for a new one) and after, and the number of new
    suggestions."""

    edition: Edition
    before: str
    after: str
    suggested: int


def save_draft(
    edition: Edition,
    values: DraftValues,
    *,
    base: int | None,
    actor: AbstractBaseUser,
    at: dt.datetime,
    form_token: UUID | None = None,
) -> Saved:
    """Write what `actor` typed into a new edition (without a key), or into one that is still being written.

    What others saved meanwhile was merged into the values before; `base` is the lock version that they stand
    on, None for a new edition. The text is rendered, the pictures that it shows are kept with it, annexes
    that have come are no longer awaited, the worker reads new files, the ledger has one entry where the
    digest changed, whose actor is one of those who wrote in it, and the author is whoever made it.
    `form_token` names the form of a new release, which makes one only.

    Raises ActionRefused when somebody saved since or `actor` may not order the issuers so, BodyRefused for a
    text that cannot be rendered, AddressTaken.
    """
    with transaction.atomic():
        stored = _lock_draft(edition) if edition.pk else None
        if stored and stored.edition.lock_version != base:
            raise ActionRefused(
                ["Somebody else saved this edition meanwhile. Open it again, then save what you changed."]
            )
        moves = _move_issuers(stored, values, Authority(actor, at))
        before = stored.digest if stored else ""
        if stored is None:
            edition.author_id = actor.pk
        values = _with_shown_pictures(_ask_again(clear_arrived(values), stored), stored)
        _read_later(values, stored)
        [written] = write_drafts([DraftToWrite(edition, values, stored, form_token=form_token)])
        after = written.digest
        if after != before:
            verb = LedgerEntry.Verb.SAVE if stored else LedgerEntry.Verb.DRAFT
            record_writing(verb, edition, actor=actor, at=at, before=before, after=after)
            cleared = edition.clearances.filter(digest=before).select_related("agency") if stored else []
            void = [one.agency for one in cleared]
            notifications.tell_void(edition, void, Mail.Why.TEXT, actor=actor, at=at)
        _tell_moved(edition, moves, Authority(actor, at))
        return Saved(edition, before, after, save_suggestions([edition]))


def _move_issuers(stored: StoredDraft | None, values: DraftValues, authority: Authority) -> dict[Agency, str]:
    """What becomes of agencies among the issuers. Raises ActionRefused."""
    before = [one.agency for one in stored.issuers] if stored else []
    after = [one.agency for one in values.issuers]
    reason = consent.why_not_order(before, after, authority)
    refuse_if([reason] if reason else [])
    return consent.find_moves(before, after)


def _tell_moved(edition: Edition, moves: dict[Agency, str], authority: Authority) -> None:
    """Tell the people of other agencies what became of theirs among the issuers."""
    for agency, words in moves.items():
        if agency.pk not in authority.agencies():
            notices.tell(edition, words, actor=cast(User, authority.user), at=authority.at, agencies=[agency])


def _ask_again(values: DraftValues, stored: StoredDraft | None) -> DraftValues:
    """What was confirmed for one time is not for another: that it keeps the embargo, and that the release date is
    right."""
    if stored is None:
        return values
    was = stored.edition
    is_moved = was.wanted_from != values.wanted_from
    if was.embargo_is_confirmed and (is_moved or find_embargoes(was.body) != find_embargoes(values.body)):
        values = replace(values, embargo_is_confirmed=False)
    if was.release_date_is_confirmed and (is_moved or was.release_date != values.release_date):
        values = replace(values, release_date_is_confirmed=False)
    return values


def _lock_draft(edition: Edition) -> StoredDraft:
    """As it is stored, with its release locked until the transaction ends."""
    Release.objects.select_for_update().get(pk=edition.release_id)
    return read_draft(edition.pk, is_locked=True)


def _with_shown_pictures(values: DraftValues, stored: StoredDraft | None) -> DraftValues:
    """With the uploaded pictures that the text shows, without those that it no longer shows.

    Alternative texts are those of the text.
    """
    shown = {image.target: image.label for image in find_images(values.body)}
    held = [one.address_id for one in stored.illustrations] if stored else []
    if not shown and not held:
        return values
    digests = list(map(digest_path, shown))
    uploads = Upload.objects.filter(Q(address__path_digest__in=digests) | Q(address__in=held))
    uploads = uploads.select_related("address").select_for_update(of=("self",))  # none is removed meanwhile
    found = {one.address_id: PictureValues(one.address, one.blob_id) for one in uploads}
    pictures = {one.address.pk: one for one in values.pictures}
    for key, upload in found.items():
        kept = pictures.pop(key, upload)
        if upload.address.path in shown:
            pictures[key] = replace(kept, blob=upload.blob)
    described = (
        replace(one, alt_text=shown.get(one.address.path, one.alt_text)) for one in pictures.values()
    )
    return replace(values, pictures=tuple(described))


def _read_later(values: DraftValues, stored: StoredDraft | None) -> None:
    """Let the worker read the files that are new here, once the transaction has ended."""
    before = {one.blob_id for one in stored.annexes} if stored else set()
    if new := {one.blob for one in values.annexes} - before:
        transaction.on_commit(partial(_enqueue_blobs, new))


def _enqueue_blobs(keys: set[str]) -> None:
    for blob in Blob.objects.filter(pk__in=keys).only("inspected_at", "media_type"):
        enqueue_blob(blob)


def name_issuers(editions: Iterable[Edition]) -> None:
    """Copy the names again of editions that are still open: an agency may have been named anew since they
    were written."""
    days = {edition.pk: edition.release_date for edition in editions}
    issuers = Issuer.objects.filter(edition__in=days).select_related("agency")
    for issuer in issuers.prefetch_related("agency__names"):
        before = issuer.name, issuer.acronym
        _name_issuer(issuer, days[issuer.edition_id])
        if (issuer.name, issuer.acronym) != before:
            issuer.save(update_fields=["name", "acronym"])


def _name_issuer(issuer: Issuer, day: dt.date) -> None:
    """The name and acronym that the agency had on `day`."""
    held = issuer.agency.name_on(day)
    issuer.name = held.name if held else str(issuer.agency)
    issuer.acronym = held.acronym if held else issuer.agency.acronym


def discard(edition: Edition) -> None:
    """Delete a draft; with its last edition the release and its addresses go too.

    What the ledger tells of stays a number.
    """
    with transaction.atomic():
        release = edition.release
        edition.delete()
        if release.editions.exists():
            return
        for rows in (release.addresses, release.suggestions, release.mentions):
            rows.all().delete()
        if release.ledger.exists():
            Release.objects.filter(pk=release.pk).update(opened=None)
        else:
            release.delete()


def dependents(edition: Edition) -> list[str]:
    """What would lose the release that tells of it, or that it leads to, with this edition, its last."""
    release = edition.release
    if release.editions.exclude(pk=edition.pk).exists():
        return []
    found = [f"{event} ({event.agreement})" for event in release.events.select_related("agreement")]
    actions = release.party_actions.select_related("party__agreement", "party__agency")
    found += [f"{action}, {action.party} ({action.party.agreement})" for action in actions]
    return found + [f"Redirect from {redirect.address}" for redirect in release.redirects.all()]
