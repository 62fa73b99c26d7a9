"""Rendering stored bodies again after the renderer has changed.

What readers saw is on record: a changed word is told.
"""

import contextlib
import datetime as dt
import html
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from releases.content.markdown import RENDERER_VERSION, BodyRefused, render
from releases.content.text.canonical import digest_values
from releases.models import Edition, LedgerEntry
from releases.services.editions.progress import Progress
from releases.services.editions.transitions import lock_edition


class RefusedBody(NamedTuple):
    """A body that was left as it was: the path of its release, and why."""

    path: str
    reason: str


@dataclass
class RerenderReport:
    """`changed` by the renderer's version before; `words` counts those whose words changed."""

    rendered: int = 0
    changed: Counter[int] = field(default_factory=Counter)
    words: int = 0
    refused: list[RefusedBody] = field(default_factory=list)

    def summary(self) -> str:
        """A readable account, a line a fact."""
        lines = [
            f"{self.rendered} bodies rendered by version {RENDERER_VERSION}: {self.changed.total()} changed,"
            f" {self.words} of them in their words."
        ]
        lines += [
            f"{number} were rendered by version {version} before."
            for version, number in sorted(self.changed.items())
        ]
        lines += [f"Left as it was: {path}: {reason}" for path, reason in self.refused]
        return "\n".join(lines)


def rerender_editions(*, at: dt.datetime, progress: Progress, outdated_only: bool = False) -> RerenderReport:
    """Render every body again, or only those that another version rendered.

    Each is a transaction of its own, and waits for whoever is saving the text.
    """
    editions = Edition.objects.filter(erased_at__isnull=True).order_by("pk")
    if outdated_only:
        editions = editions.exclude(renderer_version=RENDERER_VERSION)
    report = RerenderReport()
    for edition in progress(list(editions.only("pk", "release_id")), "Rendering"):
        # a draft may be discarded meanwhile
        with contextlib.suppress(ObjectDoesNotExist), transaction.atomic():
            _rerender(lock_edition(edition), at, report)
    return report


def read_words(body_html: str) -> list[str]:
    """What a reader reads of a body, word by word."""
    return html.unescape(re.sub(r"<[^<>]*>", " ", body_html)).split()


def _rerender(edition: Edition, at: dt.datetime, report: RerenderReport) -> None:
    before, version = edition.body_html, edition.renderer_version
    try:
        after = render(edition.body)
    except BodyRefused as error:
        report.refused.append(RefusedBody(edition.address.path, str(error)))
        return
    report.rendered += 1
    Edition.objects.filter(pk=edition.pk).update(body_html=after, renderer_version=RENDERER_VERSION)
    if after == before:
        return
    report.changed[version] += 1
    if read_words(after) != read_words(before):
        report.words += 1
        LedgerEntry.objects.record(
            LedgerEntry.Verb.RENDER,
            at=at,
            release=edition.release,
            edition=edition,
            subject=f"{edition.address.path} edition {edition.number}",
            before=digest_values(before),
            after=digest_values(after),
        )
