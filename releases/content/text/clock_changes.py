"""Hours that come twice or never, on the nights on which a zone changes its clocks."""

import datetime as dt

from releases.content.text.dates import format_date

_SECOND = dt.timedelta(seconds=1)


def explain_clock_change(local: dt.datetime, zone: dt.tzinfo) -> str:
    """Why the time `local` (without a zone) is not one instant in `zone`, and what to choose instead; "" where
    it is."""
    offsets = [local.replace(tzinfo=zone, fold=fold).utcoffset() or dt.timedelta() for fold in (0, 1)]
    before, after = offsets
    if before == after:
        return ""
    changed = _find_change(local, min(offsets), max(offsets), zone)
    first, last = sorted((changed + before, changed + after))
    fate, turned = ("does not exist", "forward") if before < after else ("comes twice", "back")
    return (
        f"{local:%H:%M} on {format_date(local)} {fate} in {zone}: clocks go {turned} from {changed + before:%H:%M} to"
        f" {changed + after:%H:%M}. Choose a time before {_name(first, local)}, or {_name(last, local)} or later."
    )


def _name(moment: dt.datetime, beside: dt.datetime) -> str:
    """The time, with its day where that is another one than that of `beside`."""
    is_same_day = moment.date() == beside.date()
    return f"{moment:%H:%M}" if is_same_day else f"{moment:%H:%M} on {format_date(moment)}"


def _find_change(local: dt.datetime, least: dt.timedelta, most: dt.timedelta, zone: dt.tzinfo) -> dt.datetime:
    """The instant, in UTC without a zone, from which on the zone has another offset: between those that
    `local` would be by the two offsets."""

    def offset(instant: dt.datetime) -> dt.timedelta | None:
        return instant.replace(tzinfo=dt.UTC).astimezone(zone).utcoffset()

    early, late = local - most, local - least
    old = offset(early)
    while late - early > _SECOND:
        middle = early + (late - early) // 2
        early, late = (middle, late) if offset(middle) == old else (early, middle)
    return late.replace(microsecond=0)
