"""Translations of a release: begun from it, and told when it has changed since."""

import datetime as dt
from dataclasses import replace

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from releases.content.text.canonical import digest_values
from releases.content.text.languages import KNOWN_LANGUAGES
from releases.models import Address, Edition, Release
from releases.services.accounts.permissions import Authority, Right
from releases.services.editing.draft_values import as_new
from releases.services.editing.draft_writer import read_draft
from releases.services.editing.drafts import save_draft
from releases.services.editions.transitions import ActionRefused


def start_translation(
    edition: Edition, language: str, *, actor: AbstractBaseUser, at: dt.datetime
) -> Edition:
    """A draft in `language` that readers find from `edition`: its issuers, files, section, agreements and time; its
    title and summary wait to be translated, its text to be written. Raises ActionRefused."""
    if not Authority(actor, at).may(Right.WRITE, edition):
        raise ActionRefused(["Only a writer of an issuing agency can add a translation."])
    with transaction.atomic():
        release = Release.objects.select_for_update().get(pk=edition.release_id)
        stored = read_draft(edition.pk)
        if language in used_languages(release):
            raise ActionRefused([f"There is a version in {KNOWN_LANGUAGES.get(language, language)} already."])
        values = replace(
            as_new(stored.values),
            language=language,
            body="",
            body_html=None,
            pictures=(),
            awaited="",
            change_note="",
            change_class="",
            permalink=_free_permalink(stored.edition.address.path, language),
            wanted_from=edition.wanted_from or edition.live_from,
        )
        if values.wanted_from and values.wanted_from <= at:
            values = replace(values, wanted_from=None)
        draft = Edition()
        save_draft(draft, values, base=None, actor=actor, at=at)
        Release.objects.filter(pk=draft.release_id).update(
            translation_group=release.translation_group,
            original=edition,
            original_digest=text_digest(edition),
        )
    return Edition.objects.get(pk=draft.pk)


def used_languages(release: Release) -> set[str]:
    """Those of the release and of its translations."""
    rows = Edition.objects.filter(release__translation_group=release.translation_group)
    return set(rows.order_by().values_list("language", flat=True).distinct())


def text_digest(edition: Edition) -> str:
    """Of what a translator translates."""
    return digest_values([edition.title, edition.summary, edition.body])


def find_original(edition: Edition) -> Edition | None:
    """The newest version of what the edition translates; None for what is no translation."""
    if edition.release.original_id is None:
        return None
    release = Edition.objects.filter(pk=edition.release.original_id).values("release")
    kept = Edition.objects.filter(release__in=release, erased_at__isnull=True)
    return kept.exclude(state=Edition.State.REJECTED).order_by("number").last()


def has_original_changed(edition: Edition, original: Edition | None) -> bool:
    """Whether the text of the original is another than the one that was translated."""
    return original is not None and text_digest(original) != edition.release.original_digest


def mark_up_to_date(edition: Edition, original: Edition, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """The translation says what `original` says now. Raises ActionRefused."""
    if not Authority(actor, at).may(Right.WRITE, edition):
        raise ActionRefused(["Only a writer of an issuing agency can do this."])
    Release.objects.filter(pk=edition.release_id).update(
        original=original, original_digest=text_digest(original)
    )


def _free_permalink(path: str, language: str) -> str:
    """That of the original with the language behind, and a number where that is taken."""
    stem = path.rstrip("/")
    ends = [language.lower(), *(f"{language.lower()}-{number}" for number in range(2, 100))]
    return next(found for end in ends if not Address.objects.at(found := f"{stem}-{end}/").exists())
