"""What will become public between now and an instant to come, for whoever rehearses it."""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from django.urls import reverse
from django.utils.timezone import localdate, make_aware

from releases.models import Absence, AgencyName, Agreement, AgreementEvent, Edition, PartyAction, Redirect
from releases.services.agreements.disclosure import newly_public, public_knowledge_at


@dataclass(frozen=True, slots=True)
class ComingChange:
    """`path` is where readers will see it ("" where there is no page of its own)."""

    at: dt.datetime
    words: str
    title: str
    path: str = ""


def list_changes(since: dt.datetime, until: dt.datetime) -> list[ComingChange]:
    """Every change after `since` that has happened by `until`, the earliest first."""
    found = [
        *_releases(since, until),
        *_absences(since, until),
        *_agreements(since, until),
        *_names(since, until),
        *_redirects(since, until),
    ]
    return sorted(found, key=lambda change: change.at)


def _releases(since: dt.datetime, until: dt.datetime) -> list[ComingChange]:
    rows = Edition.objects.scheduled(since).filter(live_from__lte=until).select_related("address")
    return [
        ComingChange(
            edition.live_from or until,
            "becomes public" if edition.number == 1 else f"is replaced by edition {edition.number}",
            edition.title,
            edition.address.path,
        )
        for edition in rows
    ]


def _absences(since: dt.datetime, until: dt.datetime) -> list[ComingChange]:
    """Of releases that the public knows at the start."""
    known = Edition.objects.on_record(since)
    begun = Absence.objects.filter(since__gt=since, since__lte=until, release__in=known.values("release"))
    ended = Absence.objects.filter(until__gt=since, until__lte=until)
    found = [(one, one.since, f"is {one.kind}") for one in begun]
    found += [(one, one.until or until, "is back") for one in ended]
    titles = {
        edition.release_id: edition.title
        for edition in Edition.objects.filter(release__in=[one.release_id for one, _, _ in found]).order_by(
            "number"
        )
    }
    return [ComingChange(at, words, titles.get(one.release_id, "")) for one, at, words in found]


def _agreements(since: dt.datetime, until: dt.datetime) -> list[ComingChange]:
    """Of agreements, through the same doors as on the public pages: what becomes known, and the days that
    then come."""
    found = []
    for before, at in pairwise([since, *_instants(since, until)]):
        for agreement, lines in newly_public(
            public_knowledge_at(before), public_knowledge_at(at), localdate(at)
        ):
            found.append(ComingChange(at, f"becomes known: {'; '.join(lines)}", *_page(agreement)))
    for agreement, words, day in _facts(until):
        if localdate(since) < day <= localdate(until):
            found.append(ComingChange(_midnight(day), f"reaches the day: {words}", *_page(agreement)))
    return found


def _page(agreement: Agreement) -> tuple[str, str]:
    return str(agreement), reverse("agreement", args=[agreement.slug])


def _facts(until: dt.datetime) -> list[tuple[Agreement, str, dt.date]]:
    """What is public of agreements by `until`, in words, and the day from which it counts."""
    events = AgreementEvent.objects.public(until).select_related("agreement")
    actions = PartyAction.objects.public(until).select_related("party__agreement", "party__agency")
    return [(event.agreement, str(event), event.date) for event in events] + [
        (action.party.agreement, f"{action.party}, {action}", action.effective_on or action.action_on)
        for action in actions
    ]


def _instants(since: dt.datetime, until: dt.datetime) -> list[dt.datetime]:
    """When something may become known of an agreement: releases come, or come back, and facts have their own
    instants."""
    there = {"gt": since, "lte": until}
    own = {f"public_from__{side}": at for side, at in there.items()}
    found = [
        Edition.objects.scheduled(since).filter(live_from__lte=until).values_list("live_from", flat=True),
        Absence.objects.filter(**{f"until__{side}": at for side, at in there.items()}).values_list(
            "until", flat=True
        ),
        AgreementEvent.objects.filter(**own).values_list("public_from", flat=True),
        PartyAction.objects.filter(**own).values_list("public_from", flat=True),
    ]
    return sorted({at for instants in found for at in instants if at})


def _names(since: dt.datetime, until: dt.datetime) -> list[ComingChange]:
    """Of agencies, from the day on which the name holds."""
    days = {"valid_from__gt": localdate(since), "valid_from__lte": localdate(until)}
    found = []
    for new in AgencyName.objects.filter(**days).select_related("agency"):
        day = new.valid_from or localdate(until)
        old = new.agency.name_on(day - dt.timedelta(days=1))
        if old and old != new:
            words = f"is called {_called(new)} from then on"
            found.append(
                ComingChange(_midnight(day), words, _called(old), reverse("agency", args=[new.agency.slug]))
            )
    return found


def _called(name: AgencyName) -> str:
    return f"{name.name} ({name.acronym})" if name.acronym else name.name


def _midnight(day: dt.date) -> dt.datetime:
    """The instant at which a day begins in the newsroom's zone."""
    return make_aware(dt.datetime.combine(day, dt.time.min))


def _redirects(since: dt.datetime, until: dt.datetime) -> list[ComingChange]:
    rows = Redirect.objects.filter(valid_from__gt=since, valid_from__lte=until).select_related(
        "address", "release"
    )
    return [ComingChange(row.valid_from, "begins to lead on", row.address.path) for row in rows]
