"""What readers may see of a release's earlier editions."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from releases.content.comparing import Paragraph, changed_words, compare
from releases.models import Edition


@dataclass(frozen=True, slots=True)
class Comparison:
    before: Edition
    after: Edition
    title: list[Paragraph]
    body: list[Paragraph]
    words: int
    annexes: list[str]


def editions_of(release: int, at: dt.datetime) -> QuerySet[Edition]:
    """The editions that have been public by `at`, the newest first; none unless the release is live."""
    live = Edition.objects.live(at).filter(release=release)
    on_record = Edition.objects.on_record(at).filter(release__in=live.values("release"))
    return on_record.select_related("address").order_by("-number")


def comparison(release: int, number: int, at: dt.datetime) -> Comparison | None:
    """Edition `number` against the public one before it; None when either was never public."""
    editions = list(editions_of(release, at).filter(number__lte=number).prefetch_related("annexes__blob")[:2])
    if len(editions) < 2 or editions[0].number != number:
        return None
    after, before = editions
    title, body = compare(before.title, after.title), compare(before.body, after.body)
    return Comparison(
        before, after, title, body, changed_words(title) + changed_words(body), _annexes(before, after)
    )


def _annexes(before: Edition, after: Edition) -> list[str]:
    old = {str(annex): annex.blob for annex in before.annexes.all()}
    new = {str(annex): annex.blob for annex in after.annexes.all()}
    found = [f"{name} was taken away." for name in old if name not in new]
    found += [f"{name} was added." for name in new if name not in old]
    found += [
        f"{name} was replaced ({old[name].size:,} bytes before, {new[name].size:,} now)."
        for name in new
        if name in old and old[name].pk != new[name].pk
    ]
    return found
