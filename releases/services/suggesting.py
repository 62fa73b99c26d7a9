"""What releases seem to say of agreements: suggestions that an editor accepts, merges or dismisses."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django_tasks import task

from releases.content.mentioning import Sentence, events_in, named_in, sentences
from releases.models import Agreement, AgreementEvent, Edition, LedgerEntry, Mention, Suggestion

SHORTEST = 3


@task()
def suggest_for_all() -> None:
    """The worker's task after an import: look through every release that has not been looked through."""
    suggest(newest_editions().filter(release__suggestions__isnull=True))


def newest_editions() -> QuerySet[Edition]:
    """The last edition of each release that will not be succeeded."""
    return Edition.objects.filter(live_until__isnull=True, erased_at__isnull=True).exclude(
        state=Edition.State.REJECTED
    )


def suggest(editions: Iterable[Edition]) -> int:
    """Write what the texts of these editions suggest; what was suggested before, and decided, stays. Returns the number."""
    known = known_patterns(Agreement.objects.all())
    found = [suggestion for edition in editions for suggestion in suggestions_of(edition, known)]
    before = Suggestion.objects.count()
    Suggestion.objects.bulk_create(found, ignore_conflicts=True, batch_size=500)
    return Suggestion.objects.count() - before


Known = list[tuple[Agreement, re.Pattern[str]]]


def known_patterns(agreements: Iterable[Agreement]) -> Known:
    """Each agreement with what finds its titles and acronyms as whole words."""
    return [(agreement, _pattern(agreement)) for agreement in agreements]


def suggestions_of(edition: Edition, known: Known) -> Iterator[Suggestion]:
    """Unsaved: known names; new names with an acronym or a subject; events in sentences that name an agreement."""
    lines = [Sentence(edition.title, 0), *sentences(edition.body)]
    for agreement, pattern in known:
        told = [line for line in lines if pattern.search(line.text)]
        if told:
            yield _suggestion(edition, Suggestion.Rule.NAME, agreement, told[0].text)
        for line in told:
            for kind, day in events_in(line.text, edition.release_date):
                yield _suggestion(
                    edition, Suggestion.Rule.EVENT, agreement, line.text, event_kind=kind, event_date=day
                )
    for name in named_in(edition.body):
        if not any(pattern.search(name.title) or pattern.fullmatch(name.acronym) for _, pattern in known):
            yield _suggestion(
                edition, Suggestion.Rule.NEW, None, name.sentence, title=name.title, acronym=name.acronym
            )


def exact_mentions(editions: Iterable[Edition], agreements: Iterable[Agreement]) -> list[Mention]:
    """Unsaved mentions: releases whose title or body holds a name of an agreement as a whole word."""
    known = known_patterns(agreements)
    return [
        Mention(agreement=agreement, release_id=edition.release_id)
        for edition in editions
        for agreement, pattern in known
        if pattern.search(f"{edition.title}\n{edition.body}")
    ]


def accept(suggestion: Suggestion, *, actor: AbstractBaseUser, at: dt.datetime) -> Agreement:
    """Do what it says: tie the release to the agreement, make the agreement or its event; in the ledger."""
    with transaction.atomic():
        agreement = suggestion.agreement or _made(suggestion)
        Mention.objects.get_or_create(agreement=agreement, release=suggestion.release)
        if suggestion.rule == Suggestion.Rule.EVENT and suggestion.event_date:
            AgreementEvent.objects.get_or_create(
                agreement=agreement, kind=suggestion.event_kind, date=suggestion.event_date,
                defaults={"release": suggestion.release},
            )  # fmt: skip
        elif suggestion.rule == Suggestion.Rule.NEW and suggestion.agreement:
            _merge(suggestion, agreement)
        suggestion.agreement = agreement
        _decide(suggestion, Suggestion.State.ACCEPTED, actor, at)
    return agreement


def dismiss(suggestion: Suggestion, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    with transaction.atomic():
        _decide(suggestion, Suggestion.State.DISMISSED, actor, at)


def _decide(suggestion: Suggestion, state: str, actor: AbstractBaseUser, at: dt.datetime) -> None:
    suggestion.state, suggestion.decided_at, suggestion.decided_by_id = state, at, actor.pk
    suggestion.save()
    LedgerEntry.objects.record(
        "suggestion",
        at=at,
        actor=actor,
        release=suggestion.release,
        subject=str(suggestion)[:500],
        note={"state": state},
    )


def _made(suggestion: Suggestion) -> Agreement:
    """An agreement of the suggested name, or the one that an earlier suggestion of this name made."""
    slug = slugify(suggestion.title)[:120] or f"agreement-{suggestion.pk}"
    agreement, _ = Agreement.objects.get_or_create(
        slug=slug,
        defaults={"title": suggestion.title, "acronyms": [suggestion.acronym] if suggestion.acronym else []},
    )
    return agreement


def _merge(suggestion: Suggestion, agreement: Agreement) -> None:
    """The other name becomes one of the agreement's."""
    if suggestion.title not in (agreement.title, *agreement.former_titles):
        agreement.former_titles = [*agreement.former_titles, suggestion.title]
    if suggestion.acronym and suggestion.acronym not in agreement.acronyms:
        agreement.acronyms = [*agreement.acronyms, suggestion.acronym]
    agreement.save()


def _suggestion(
    edition: Edition, rule: str, agreement: Agreement | None, sentence: str, **facts: object
) -> Suggestion:
    who = agreement.slug if agreement else str(facts["title"]).casefold()
    key = f"{edition.release_id}|{rule}|{who}|{facts.get('event_kind', '')}|{facts.get('event_date', '')}"
    return Suggestion(
        release_id=edition.release_id, rule=rule, agreement=agreement, sentence=sentence,
        key=hashlib.sha256(key.encode()).hexdigest(), **facts,
    )  # fmt: skip


def _pattern(agreement: Agreement) -> re.Pattern[str]:
    names = [agreement.title, agreement.short_title, *agreement.acronyms, *agreement.former_titles]
    words = "|".join(re.escape(name) for name in names if len(name) >= SHORTEST)
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])")
