"""What somebody typed in the form of an edition and did not save: kept while they type, shown beside what is saved,
given back, discarded. Each answers its author alone."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localdate

from releases.admin.base.authority import authority_of
from releases.admin.base.field_merge import read_base
from releases.admin.editions.fields import NamedAgency
from releases.admin.editions.forms import EditionForm
from releases.content.text.diff import Paragraph, compare_texts
from releases.models import Agency, Autosave
from releases.services.accounts.permissions import Authority
from releases.services.editing import autosaves
from releases.templatetags.desk_tags import OF_THE_FORM, name_field

LARGEST_KEY = 2**63
CONFIRMATIONS = ("embargo_is_confirmed", "release_date_is_confirmed")
"""Boxes that the form has for a while only: one that was not sent may not have been there."""
NEW = {"language": "en"}
"""What the form of a release that nobody saved yet begins with."""

UNUSED = [
    f"edition__{name}"
    for name in (
        "body_html",
        "lead_text",
        "lead_rule",
        "issuers_rule",
        "rejection",
        "urgent_reason",
        "digest",
    )
]
"""Columns of an edition that nobody compares with what was typed."""


class Typed(NamedTuple):
    """What a form holds that is sent while somebody types in it."""

    form_token: UUID
    edition: int | None
    values: list[tuple[str, str]]


class Difference(NamedTuple):
    """A field in which what was typed is not what is saved; the text with what came and what went."""

    label: str
    paragraphs: list[Paragraph]


def keep_view(desk: Any, request: HttpRequest) -> HttpResponse:
    """Keeps what the form holds, which comes as JSON. 413: it is too large; 409: saved meanwhile, or too soon after
    the last one."""
    if not request.user.has_perm("releases.change_edition"):
        raise PermissionDenied
    if request.method != "POST" or request.content_type != "application/json":
        return HttpResponse(status=405)
    if int(request.META.get("CONTENT_LENGTH") or 0) > autosaves.LARGEST:
        return HttpResponse(status=413)
    typed = _read_typed(request.body)
    if typed is None:
        return HttpResponse(status=400)
    is_kept = autosaves.keep_typed(authority_of(request), *typed)
    return HttpResponse(status=204 if is_kept else 409)


def typed_view(desk: Any, request: HttpRequest, token: UUID) -> HttpResponse:
    """What differs from what is saved; a POST discards what was typed."""
    autosave = _find(request, token)
    edition = autosave.edition
    back = (
        reverse("admin:releases_edition_change", args=[edition.pk])
        if edition
        else reverse("admin:releases_edition_add")
    )
    if request.method == "POST":
        autosave.delete()
        desk.message_user(request, "What you typed and did not save is discarded.", messages.SUCCESS)
        return HttpResponseRedirect(back)
    context = {
        **desk.admin_site.each_context(request),
        "title": "What you typed and did not save",
        "language": edition.language if edition else NEW["language"],
        "autosave": autosave,
        "back": back,
        "may_use": desk.has_change_permission(request, edition),
        "differences": _find_differences(autosave, authority_of(request)),
        "opts": desk.opts,
    }
    response = TemplateResponse(request, "admin/releases/edition/typed.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def values_view(desk: Any, request: HttpRequest, token: UUID) -> JsonResponse:
    """`values`: the name and value of each field, to be put into the form again."""
    response = JsonResponse({"values": json.loads(_find(request, token).values)})
    response["Cache-Control"] = "private, no-store"
    return response


def _find(request: HttpRequest, token: UUID) -> Autosave:
    """Raises Http404."""
    found = autosaves.find_unsaved(authority_of(request)).select_related(
        "edition__release", "edition__address"
    )
    return get_object_or_404(found.defer(*UNUSED), form_token=token)


def _read_typed(body: bytes) -> Typed | None:
    """What a browser sends; None for anything else."""
    try:
        told = json.loads(body)
        values = [(str(name), str(value)) for name, value in told["values"]]
        edition = told["edition"]
        is_key = isinstance(edition, int) and 0 < edition < LARGEST_KEY
        return Typed(UUID(told["token"]), edition, values) if is_key or edition is None else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _find_differences(autosave: Autosave, authority: Authority) -> list[Difference]:
    """In the fields of the form, then in the rows of its issuers and files."""
    typed = QueryDict(mutable=True)
    for name, value in json.loads(autosave.values):
        typed.appendlist(name, value)
    form_class = type("EditionForm", (EditionForm,), {"authority": authority})
    form = form_class(instance=autosave.edition, initial=NEW)
    for name in CONFIRMATIONS:
        if name not in typed:
            del form.fields[name]
    fields = form.list_differences(typed)
    return [
        Difference(label, compare_texts(saved, text))
        for label, saved, text in [*fields, *_changed_rows(typed)]
    ]


def _changed_rows(typed: QueryDict) -> Iterator[tuple[str, str, str]]:
    """Of rows, each with what its own form held when it was opened."""
    for name, texts in typed.lists():
        row, _, field = name.rpartition("-")
        held = read_base(typed.get(f"{row}-base", "")) or {}
        before = held.get(field) or ""
        text = "\n".join(texts)
        if field == "agency":
            before = _name_agency(before, text)
        if row and not OF_THE_FORM.search(name) and before != text:
            yield name_field(name), before, text


def _name_agency(key: str, typed: str) -> str:
    """What the form calls an agency, by its key: as it was typed, where that means the same one."""
    agency = Agency.objects.filter(pk=key).first() if key.isdecimal() else None
    if agency is None:
        return key
    held = agency.name_on(localdate())
    named = NamedAgency(agency, held.name if held else "")
    return typed if typed.casefold() in named.names else named.label
