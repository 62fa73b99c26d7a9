import datetime as dt
import re
from typing import Any, NamedTuple

from django import template
from django.contrib.admin import site
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models.options import Options
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import Truncator

from releases.content.text.dates import format_date
from releases.models import Edition, LedgerEntry
from releases.services.accounts.people import name_person
from releases.services.desk.dashboard import format_countdown
from releases.services.publishing.workflow import STAGE_NAMES, stage_of

register = template.Library()
register.filter("person_name", name_person)
OF_THE_FORM = re.compile(
    r"^(csrf|_)|password|(^|-)(base|kept|kept_annexes|opened|seen|id|edition)$|_FORMS$|__prefix__", re.ASCII
)
ROW = re.compile(r"(\w+)-([0-9]{1,4})-(\w+)")


@register.filter
def row_name(row: Any) -> str:
    """What an inline of the desk's calls a stored row."""
    name = getattr(row.model_admin, "name_row", str)
    return str(name(row.original))


@register.filter
def row_facts(row: Any) -> str:
    """What an inline of the desk's says of a stored row beside its name."""
    describe = getattr(row.model_admin, "describe_row", None)
    return describe(row.original) if describe and row.original else ""


@register.filter
def shown_values(fieldset: Any) -> str:
    """What the fields of a folded part of a form hold, in words, for the line that stays."""
    fields = [place.field for line in fieldset for place in line if not getattr(place, "is_readonly", False)]
    return " · ".join(filter(None, (_shown_value(bound) for bound in fields if not bound.is_hidden)))


def _shown_value(bound: Any) -> str:
    """The value of a field, by the label of a choice; its first words where it is long."""
    if isinstance(getattr(bound.field.widget, "widget", bound.field.widget), AutocompleteSelect):
        return str(getattr(bound.form.instance, bound.name) or "")
    value = bound.value()
    keys = {str(getattr(one, "pk", one)) for one in (value if isinstance(value, list) else [value])}
    if not hasattr(bound.field, "choices"):
        return Truncator(" ".join(str(value or "").split())).words(16)
    choices = bound.field.choices = list(iter(bound.field.choices))  # read once, for this line and the field
    return ", ".join(str(label) for key, label in choices if str(key) in keys and key != "")


@register.filter
def weekday_datetime(moment: dt.datetime) -> str:
    """Saturday 14 January 2023, 09:00 (Asia/Singapore)"""
    return f"{name_instant(moment)} ({timezone.get_current_timezone_name()})"


@register.filter
def name_instant(moment: dt.datetime) -> str:
    """Saturday 14 January 2023, 09:00; where the zone is told beside it"""
    local = timezone.localtime(moment)
    return f"{local:%A} {format_date(local)}, {local:%H:%M}"


@register.filter
def short_datetime(moment: dt.datetime) -> str:
    """14 January 2023, 09:00 (Asia/Singapore)"""
    return weekday_datetime(moment).partition(" ")[2]


@register.filter
def compact_datetime(moment: dt.datetime) -> str:
    """14 Jan 2023 09:00, in the newsroom's zone, for lists that name it once"""
    local = timezone.localtime(moment)
    return f"{local.day} {local:%b %Y %H:%M}"


@register.filter
def day_and_hour(moment: dt.datetime) -> str:
    """Sat 14 Jan, 09:00, in the newsroom's zone, for days near by"""
    local = timezone.localtime(moment)
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


@register.filter
def countdown(moment: dt.datetime) -> str:
    """in 2 days 3 hours; "late" once it has gone by"""
    now = timezone.now()
    return format_countdown(moment, now) if moment > now else "late"


@register.filter
def list_name(opts: Options[Any]) -> str:
    """What the list of a model is called at the desk."""
    listed = getattr(site.get_model_admin(opts.model), "listed", "") or str(opts.verbose_name_plural)
    return listed[:1].upper() + listed[1:]


@register.filter
def stage(edition: Edition) -> str:
    """draft, scheduled, live and so on, now."""
    return stage_of(edition, timezone.now())


@register.filter
def stage_name(edition: Edition) -> str:
    """What its stage is called; of what was published, whether it was changed since."""
    now = stage_of(edition, timezone.now())
    return CHANGED.get(edition.change_class, "Published") if now == "live" else STAGE_NAMES[now]


class FilterOption(NamedTuple):
    """A choice of a filter: what it sets its parameter to ("": nothing)."""

    value: str
    label: str
    is_chosen: bool


@register.filter
def filter_options(spec: Any, changelist: Any) -> list[FilterOption]:
    """The choices of a filter of a list for a menu; those that set another parameter are left out."""
    [name, *others] = spec.expected_parameters()
    found = []
    for choice in spec.choices(changelist):
        query = QueryDict(choice["query_string"].removeprefix("?"))
        if not any(other in query for other in others):
            found.append(FilterOption(query.get(name, ""), choice["display"], bool(choice["selected"])))
    return found


@register.filter
def ledger_note(value: object) -> object:
    """What the ledger notes, a moment in the newsroom's time."""
    try:
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    return weekday_datetime(moment) if moment and moment.tzinfo else value


class SubmittedValue(NamedTuple):
    """What was typed into a field; `name` is that of the field in words, several values are a line each."""

    name: str
    text: str


@register.filter
def submitted_values(values: QueryDict) -> list[SubmittedValue]:
    """What somebody typed into a form that was sent; nothing of a password or of the form's own."""
    return [
        SubmittedValue(name_field(name), "\n".join(filter(None, texts)))
        for name, texts in values.lists()
        if any(texts) and not OF_THE_FORM.search(name)
    ]


LABELS = {"body": "text"}
"""Fields that the form calls otherwise than the model does."""


def name_field(name: str) -> str:
    """Annexes 1, title; Release date"""
    row = ROW.fullmatch(name)
    words = f"{row[1]} {int(row[2]) + 1}, {row[3]}" if row else LABELS.get(name, name)
    return words.replace("_", " ").capitalize()


CHANGED = {"correction": "Corrected", "update": "Updated"}
OF_AN_ACCOUNT = {
    LedgerEntry.Verb.GRANT: "gave you the role of {role}{of}",
    LedgerEntry.Verb.CONFIRM: "confirmed your role of {role}{of}",
    LedgerEntry.Verb.TAKE: "took your role of {role}{of} away",
    LedgerEntry.Verb.RESET: "took the second factor off your account",
}


@register.filter
def account_words(entry: LedgerEntry) -> str:
    """What somebody did with the account of the reader, and when."""
    who = name_person(entry.actor) or "Whoever runs this server"
    of = f" for {entry.note['agency']}" if "agency" in entry.note else ""
    did = OF_AN_ACCOUNT[LedgerEntry.Verb(entry.verb)].format_map({"role": "", **entry.note, "of": of})
    return f"{who} {did}, {short_datetime(entry.at)}."
