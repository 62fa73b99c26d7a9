"""A new release that begins as a copy of another one."""

import datetime as dt
from dataclasses import replace

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.timezone import localdate

from releases.models import Edition, LedgerEntry
from releases.services.accounts.permissions import Authority, Right
from releases.services.editing.draft_values import as_new
from releases.services.editing.draft_writer import read_draft
from releases.services.editing.drafts import save_draft
from releases.services.editing.new_releases import free_permalink
from releases.services.editions.transitions import ActionRefused


def duplicate_release(edition: Edition, *, actor: AbstractBaseUser, at: dt.datetime) -> Edition:
    """A draft of a new release with the words, issuers, section, language, contacts and agreements of `edition`; its
    files, times, embargo, consent and comments stay behind. Raises ActionRefused."""
    if edition.erased_at or not Authority(actor, at).may(Right.WRITE, edition):
        raise ActionRefused(["Only a writer of an issuing agency can duplicate a release."])
    with transaction.atomic():
        stored = read_draft(edition.pk)
        section = stored.values.section
        values = replace(
            as_new(stored.values),
            release_date=localdate(at),
            release_date_is_set=False,
            permalink=free_permalink(section, edition.title)
            or f"{section.address.path}release-{at:%Y%m%d%H%M%S}/",
            annexes=(),
            awaited="",
            embargo="",
            embargo_is_confirmed=False,
            change_class="",
            change_note="",
            wanted_from=None,
        )
        draft = Edition()
        save_draft(draft, values, base=None, actor=actor, at=at)
        LedgerEntry.objects.record(
            LedgerEntry.Verb.DUPLICATE,
            at=at,
            actor=actor,
            edition=draft,
            note={"from": f"release {edition.release_id}, version {edition.number}"},
        )
    return draft
