"""Agencies that seem to sign a post and have nothing to do with the owner of its site: suggestions at the desk."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import transaction

from releases.models import Agency, Source, Suggestion
from releases.services.jekyll.plan import Plan, PlannedPost


class Doubt(NamedTuple):
    """The agencies that the lines of a signature name, and its post."""

    planned: PlannedPost
    agencies: Sequence[Agency]
    lines: str


def save_doubts(doubts: Iterable[Doubt], plan: Plan) -> None:
    """Suggest these agencies as issuers of the posts that came in, each once, and drop what is suggested of
    posts of the plan and in doubt no more. What was decided stays."""
    with transaction.atomic():
        releases = dict(Source.objects.values_list("path", "release"))
        found = [
            _suggest(releases[path], agency, doubt.lines)
            for doubt in doubts
            if (path := doubt.planned.facts.post.path) in releases and not doubt.planned.is_erased
            for agency in doubt.agencies
        ]
        keys = {one.key for one in found}
        read = {releases.get(one.facts.post.path) for one in plan.posts}
        open_ones = Suggestion.objects.filter(rule=Suggestion.Rule.ISSUER, state=Suggestion.State.OPEN)
        settled = [one.pk for one in open_ones if one.release_id in read and one.key not in keys]
        Suggestion.objects.filter(pk__in=settled).delete()
        Suggestion.objects.bulk_create(found, ignore_conflicts=True, batch_size=500)


def _suggest(release: int, agency: Agency, lines: str) -> Suggestion:
    key = f"{release}|{Suggestion.Rule.ISSUER}|{agency.slug}"
    return Suggestion(
        release_id=release,
        rule=Suggestion.Rule.ISSUER,
        agency=agency,
        sentence=lines,
        key=hashlib.sha256(key.encode()).hexdigest(),
    )
