import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext

from releases.content.agreement_status import STATUSES
from releases.content.files import csv_tables
from releases.models import Agreement
from releases.public.pages import own_page
from releases.services.agreements import dossier, register
from releases.services.agreements.register import Entry
from releases.services.feeds import icalendar, serializers

COLUMNS = "title,short title,acronyms,type,binding,parties,subjects,status,signed,address".split(",")
FILTERS = ("party", "type", "status", "year", "subject")


@own_page(*FILTERS, "after")
def register_page(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    entries = register.list_entries(now)
    chosen = _chosen(request)
    fitting = [entry for entry in entries if _fits(entry, chosen)] if any(chosen.values()) else entries
    after = request.GET.get("after", "")
    context = {
        "page": register.page_after(fitting, after),
        "after": after,
        "number": len(fitting),
        "chosen": chosen,
        "total": len(entries),
        "query": urlencode({name: value for name, value in chosen.items() if value}),
        "choices": register.list_choices(now),
        "types": Agreement.Kind.choices,
        "statuses": STATUSES.items(),
        "nav": "agreements",
    }
    return render(request, "releases/agreement_list.html", context)


@own_page(*FILTERS)
def register_csv(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    """The lines that the register shows under the same filters."""
    chosen = _chosen(request)
    entries = [entry for entry in register.list_entries(now) if _fits(entry, chosen)]
    table = csv_tables.write_table([COLUMNS, *(_row(entry, request.build_absolute_uri) for entry in entries)])
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="agreements.csv"'
    return response


def _row(entry: Entry, absolute: Callable[[str], str]) -> list[str]:
    found = entry.agreement
    return [
        found.title,
        found.short_title,
        "; ".join(found.acronyms),
        found.get_instrument_type_display(),
        found.get_binding_display(),
        "; ".join(entry.parties),
        "; ".join(found.subjects),
        entry.status_words,
        str(entry.signed_on or ""),
        absolute(f"/agreements/{found.slug}/"),
    ]


@own_page("as-at")
def agreement(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponse:
    """The dossier of an agreement as it stood on the day of `as-at` in the address, else today."""
    as_at, problem = _day(request.GET.get("as-at", ""), localdate(now))
    found = dossier.find_dossier(slug, now, as_at)
    if found is None:
        raise Http404
    context = {
        "dossier": found,
        "agreement": found.entry.agreement,
        "problem": problem,
        "today": localdate(now),
        "nav": "agreements",
        "json_ld": serializers.agreement_linked_data(found, request.build_absolute_uri),
    }
    return render(request, "releases/agreement_detail.html", context)


@own_page("as-at")
def data(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponse:
    """The same as JSON."""
    as_at, _ = _day(request.GET.get("as-at", ""), localdate(now))
    if (found := dossier.find_dossier(slug, now, as_at)) is None:
        raise Http404
    return JsonResponse(serializers.serialize_agreement(found), json_dumps_params={"ensure_ascii": False})


@own_page()
def calendar(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponse:
    """Its coming dates as iCalendar, each once it is public."""
    if (found := dossier.find_dossier(slug, now, localdate(now))) is None:
        raise Http404
    text = icalendar.format_calendar(found, now, request.build_absolute_uri(f"/agreements/{slug}/"))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    return response


def _chosen(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:100] for name in FILTERS}


def _fits(entry: Entry, chosen: dict[str, str]) -> bool:
    return (
        chosen["party"] in ("", *entry.parties)
        and chosen["type"] in ("", entry.agreement.instrument_type)
        and chosen["status"] in ("", entry.status)
        and chosen["subject"] in ("", *entry.agreement.subjects)
        and chosen["year"] in ("", str(entry.signed_on.year) if entry.signed_on else "-")
    )


def _day(text: str, today: dt.date) -> tuple[dt.date, str]:
    """(day, sentence for the reader when it can't be read)"""
    if not text:
        return today, ""
    try:
        return dt.date.fromisoformat(text[:10]), ""
    except ValueError:
        words = gettext("“%(text)s” is not a date. This is how the agreement stands today.")
        return today, words % {"text": text[:40]}
