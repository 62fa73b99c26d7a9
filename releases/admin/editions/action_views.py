"""The pages on which an editor does something with an edition: asked once, then done, or refused in plain
words."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from releases.admin.base import reauthentication
from releases.admin.base.authority import authority_of
from releases.admin.editions.questions import QUESTIONS, WhenForm
from releases.admin.editions.views import PARTS, shown, visible_rows, visible_whole
from releases.models import Edition, Proposal
from releases.services.accounts import consent
from releases.services.accounts.permissions import Authority
from releases.services.agreements import disclosure
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import approval, proposals, review, workflow
from releases.services.website import history
from releases.templatetags.desk_tags import weekday_datetime

MOST_TOGETHER = 50
PROVED = ("approve", "publish-urgently", "remove", "erase")
"""What only somebody does who proved lately who they are."""
TIMED = ("approve", "publish-urgently", "reschedule")


def verb_view(desk: Any, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Asks for what a verb needs, and tells what speaks against it; then does it and leads on."""
    if verb in PROVED and (asked := reauthentication.ask_again(request)):
        return asked
    return _ask_or_do(desk, request, pk, verb)


def _ask_or_do(desk: Any, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    edition = visible_whole(request, pk)
    if verb not in workflow.VERBS:
        raise Http404
    step, now = workflow.VERBS[verb], timezone.now()
    question = QUESTIONS.get(step.asks)
    authority = authority_of(request)
    initial = _initial(edition, verb, now, authority)
    form = question(request.POST or None, initial=initial) if question else None
    if request.method == "POST" and (form is None or form.is_valid()):
        result = _do_as_seen(desk, request, edition, verb, form)
        if result or form is None:
            return _redirect(result, edition)
        edition = visible_whole(request, pk)  # its issuers may have new names by now
        _show_anew(form, _initial(edition, verb, now, authority))
    briefing = workflow.brief(step, edition, authority)
    context = {
        **desk.admin_site.each_context(request),
        "title": step.label,
        "edition": edition,
        "form": form,
        "opts": desk.opts,
        "verb": verb,
        "reasons": briefing.reasons,
        "checks": briefing.checks,
        "told": briefing.disclosed,
        "clearable": briefing.clearable,
        "shown": shown(edition.pk, now),
        "seen": consent.sight(edition),
        "stakes": briefing.stakes,
        "proposal": briefing.proposal,
        "asks": verb in Proposal.Verb and briefing.proposal is None,
        "wanted": weekday_datetime(edition.wanted_from) if edition.wanted_from else "",
    }
    return TemplateResponse(request, "admin/releases/edition/verb.html", context)


def _do_as_seen(desk: Any, request: HttpRequest, edition: Edition, verb: str, form: forms.Form | None) -> Any:
    """`do`, unless the edition is another by now."""
    if consent.is_as_seen(edition, request.POST.get("seen", "")):
        return do(desk, request, edition, verb, form.cleaned_data if form else {})
    desk.message_user(request, "This edition changed after you opened it. Read it again.", messages.ERROR)
    return None


def _show_anew(form: forms.Form, initial: dict[str, Any]) -> None:
    """After a refusal what was typed stays in the form, and it is about what the page shows now."""
    data = cast(QueryDict, form.data).copy()
    data.update({field.name: initial[field.name] for field in form.hidden_fields()})
    form.data = data


def do(desk: Any, request: HttpRequest, edition: Edition, verb: str, values: dict[str, Any]) -> Any:
    """The result of the verb (the edition, where it has none), or None after a refusal, which is told."""
    try:
        result = workflow.perform_verb(verb, edition, user=request.user, at=timezone.now(), **values)
    except ActionRefused as refused:
        for reason in refused.reasons:
            desk.message_user(request, reason, messages.ERROR)
        return None
    done = workflow.VERBS[verb].done
    if isinstance(result, Proposal) and not result.is_done:
        done = "Nothing has changed yet: another person has to confirm it. They find it on their desk."
    if isinstance(result, Edition) and verb == "reschedule" and not result.live_from and result.wanted_from:
        done = (
            f"It is no longer scheduled. It is submitted again for {weekday_datetime(result.wanted_from)}: who cleared a later"
            " time clears it again, then somebody approves it."
        )
    if isinstance(result, Edition) and verb in TIMED and result.live_from:
        done = f"{done} Public from {weekday_datetime(result.live_from)}."
    desk.message_user(request, done, messages.SUCCESS)
    return result or edition


def together_view(desk: Any, request: HttpRequest) -> HttpResponse:
    """Several releases for one instant: all, or none."""
    if asked := reauthentication.ask_again(request):
        return asked
    keys = _chosen_keys(request)
    authority = authority_of(request)
    own = visible_rows(request).filter(pk__in=keys).prefetch_related(*PARTS).order_by("release")
    editions = list(own[:MOST_TOGETHER])
    changelist = HttpResponseRedirect(reverse("admin:releases_edition_changelist"))
    if len(editions) != len(keys):
        desk.message_user(request, f"Choose up to {MOST_TOGETHER} editions that you may see.", messages.ERROR)
        return changelist
    refused = {
        edition: " ".join(workflow.why_not_perform("approve", edition, authority)) for edition in editions
    }
    is_possible = bool(editions) and not any(refused.values())
    form = WhenForm(request.POST or None)
    is_asked = request.method == "POST" and form.is_valid() and is_possible
    if is_asked and _approve_together(desk, request, editions, form.cleaned_data["live_from"]):
        return changelist
    if is_asked:
        refused = {edition: refused[edition] for edition in own}  # their issuers may have new names by now
    context = {
        **desk.admin_site.each_context(request),
        "title": "Approve together",
        "form": form,
        "opts": desk.opts,
        "editions": [(edition, digest_edition(edition), refusal) for edition, refusal in refused.items()],
        "told": disclosure.disclosed_with(editions, authority.at, authority.public_agreement_keys),
        "possible": is_possible,
    }
    return TemplateResponse(request, "admin/releases/edition/together.html", context)


def _chosen_keys(request: HttpRequest) -> set[int]:
    """The editions that the address names; what is no key of a database is left out."""
    typed = request.GET.get("editions", "").split(",")
    return {int(key) for key in typed if key.isdecimal() and len(key) < 19}


def _approve_together(
    desk: Any, request: HttpRequest, editions: list[Edition], live_from: dt.datetime | None
) -> bool:
    """Whether all were approved; the reasons why not are told."""
    seen = {edition.pk: request.POST.get(f"seen-{edition.pk}", "") for edition in editions}
    try:
        approval.approve_together(
            editions,
            approver=cast(User, request.user),
            at=timezone.now(),
            live_from=live_from,
            seen=seen,
        )
    except ActionRefused as refused:
        for reason in refused.reasons:
            desk.message_user(request, reason, messages.ERROR)
        return False
    desk.message_user(request, f"Approved together: {len(editions)} releases.", messages.SUCCESS)
    return True


def compare_view(desk: Any, request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Any two editions of a release, word by word, annexes included."""
    found = visible_rows(request).prefetch_related(*PARTS).in_bulk([pk, other])
    edition, before = found.get(pk), found.get(other)
    if not edition or not before or edition.release_id != before.release_id:
        raise Http404
    context = {
        **desk.admin_site.each_context(request),
        "title": f"Edition {before.number} and edition {edition.number}",
        "edition": edition,
        "before": before,
        "opts": desk.opts,
        "comparison": history.compare_editions(before, edition),
    }
    return TemplateResponse(request, "admin/releases/edition/compare.html", context)


def _redirect(result: Any, edition: Edition) -> HttpResponse:
    pk = result.pk if isinstance(result, Edition) else edition.pk
    return HttpResponseRedirect(reverse("admin:releases_edition_change", args=[pk]))


def _initial(edition: Edition, verb: str, now: dt.datetime, authority: Authority) -> dict[str, Any]:
    wanted = edition.live_from or review.wanted_from(edition, now)
    proposal = workflow.find_proposal(verb, edition, authority)
    return {
        "live_from": wanted,
        "reason": proposal.reason if proposal else "",
        "seen": consent.sight(edition),
        "shown": proposals.key_of(proposal),
    }
