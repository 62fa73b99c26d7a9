"""What will become public between now and an instant to come, for whoever rehearses it."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.timezone import localdate, make_aware

from releases.models import Absence, AgencyName, Agreement, AgreementEvent, Edition, PartyAction, Redirect


@dataclass(frozen=True, slots=True)
class Change:
    """`path` is where readers will see it ("" where there is no page of its own)."""

    at: dt.datetime
    words: str
    title: str
    path: str = ""


def coming(since: dt.datetime, until: dt.datetime) -> list[Change]:
    """Every change after `since` that has happened by `until`, the earliest first."""
    found = [
        *_releases(since, until),
        *_absences(since, until),
        *_agreements(since, until),
        *_names(since, until),
        *_redirects(since, until),
    ]
    return sorted(found, key=lambda change: change.at)


def _releases(since: dt.datetime, until: dt.datetime) -> list[Change]:
    rows = Edition.objects.scheduled(since).filter(live_from__lte=until).select_related("address")
    return [
        Change(
            edition.live_from or until,
            "becomes public" if edition.number == 1 else f"is replaced by edition {edition.number}",
            edition.title,
            edition.address.path,
        )
        for edition in rows
    ]


def _absences(since: dt.datetime, until: dt.datetime) -> list[Change]:
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
    return [Change(at, words, titles.get(one.release_id, "")) for one, at, words in found]


def _agreements(since: dt.datetime, until: dt.datetime) -> list[Change]:
    """Of agreements, through the same door as on the public pages: what becomes known, and the days that then come."""
    starts = _first_instants(since, until)
    before = {*AgreementEvent.objects.public(since), *PartyAction.objects.public(since)}
    found = []
    for fact, agreement, words, day in _facts(until):
        page = str(agreement), reverse("agreement", args=[agreement.slug])
        if fact not in before:
            own = fact.public_from if fact.public_from and fact.public_from > since else None
            moments = [at for at in (own, starts.get(fact.release_id or 0)) if at]
            found.append(Change(min(moments, default=until), f"becomes known: {words}", *page))
        if localdate(since) < day <= localdate(until):
            found.append(Change(_midnight(day), f"reaches the day: {words}", *page))
    return found


def _facts(until: dt.datetime) -> list[tuple[AgreementEvent | PartyAction, Agreement, str, dt.date]]:
    """What is public of agreements by `until`: each with its words and the day from which it counts."""
    events = AgreementEvent.objects.public(until).select_related("agreement")
    actions = PartyAction.objects.public(until).select_related("party__agreement", "party__agency")
    return [(event, event.agreement, str(event), event.date) for event in events] + [
        (action, action.party.agreement, f"{action.party}, {action}", action.effective_on or action.action_on)
        for action in actions
    ]


def _first_instants(since: dt.datetime, until: dt.datetime) -> dict[int, dt.datetime]:
    """When releases come that nobody may know of at `since`; those that were removed, when they come back."""
    coming = Edition.objects.scheduled(since).order_by("-live_from").values_list("release_id", "live_from")
    back = Absence.objects.filter(kind=Absence.Kind.REMOVED, until__gt=since, until__lte=until)
    return {release: at for release, at in [*coming, *back.values_list("release_id", "until")] if at}


def _names(since: dt.datetime, until: dt.datetime) -> list[Change]:
    """Of agencies, from the day on which the name holds."""
    days = {"valid_from__gt": localdate(since), "valid_from__lte": localdate(until)}
    found = []
    for new in AgencyName.objects.filter(**days).select_related("agency"):
        day = new.valid_from or localdate(until)
        old = new.agency.name_on(day - dt.timedelta(days=1))
        if old and old != new:
            words = f"is called {_called(new)} from then on"
            found.append(
                Change(_midnight(day), words, _called(old), reverse("agency", args=[new.agency.slug]))
            )
    return found


def _called(name: AgencyName) -> str:
    return f"{name.name} ({name.acronym})" if name.acronym else name.name


def _midnight(day: dt.date) -> dt.datetime:
    """The instant at which a day begins in the newsroom's zone."""
    return make_aware(dt.datetime.combine(day, dt.time.min))


def _redirects(since: dt.datetime, until: dt.datetime) -> list[Change]:
    rows = Redirect.objects.filter(valid_from__gt=since, valid_from__lte=until).select_related(
        "address", "release"
    )
    return [Change(row.valid_from, "begins to lead on", row.address.path) for row in rows]
