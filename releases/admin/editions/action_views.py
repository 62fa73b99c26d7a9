"""The pages on which an editor does something with an edition: asked once, then done, or refused in plain
words."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timeuntil

from releases.admin.base import reauthentication
from releases.admin.base.authority import authority_of
from releases.admin.editions.questions import AT_ONCE, QUESTIONS, NowForm, ReasonForm
from releases.admin.editions.views import PARTS, page_context, visible_rows, visible_whole
from releases.models import Edition, Proposal
from releases.services.accounts import consent
from releases.services.accounts.permissions import Authority, Role
from releases.services.agreements import disclosure
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import approval, proposals, review, workflow
from releases.services.website import history
from releases.templatetags.desk_tags import name_instant, weekday_datetime

MOST_TOGETHER = 50
TIMED = ("when", "urgent", "new-time")
"""Questions for the instant of a publication."""


def verb_view(desk: Any, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Asks for what a verb needs, and tells what speaks against it; then does it and leads on."""
    if verb not in workflow.VERBS:
        raise Http404
    if workflow.VERBS[verb].needs_proof and (asked := reauthentication.ask_again(request)):
        return asked
    return _ask_or_do(desk, request, pk, verb)


def _ask_or_do(desk: Any, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    edition = visible_whole(request, pk)
    step, now = workflow.VERBS[verb], timezone.now()
    authority = authority_of(request)
    initial = {**_initial(edition, verb, now, authority), "settled_days": _settled_days([edition])}
    asked = _ask(request, step.asks, initial, _why_later([edition], now))
    if request.method == "POST" and (asked.answered is None or asked.answered.is_valid()):
        result = _do_as_seen(desk, request, edition, verb, asked.answered)
        if result or asked.answered is None:
            return _redirect(result, edition)
        edition = visible_whole(request, pk)  # its issuers may have new names by now
        _show_anew(asked.answered, _initial(edition, verb, now, authority))
    briefing = workflow.brief(step, edition, authority)
    context = {
        **desk.admin_site.each_context(request),
        "title": step.label,
        "edition": edition,
        "form": asked.form,
        "at_once": asked.at_once,
        "page_days": _page_days([edition]),
        "speaks_for_others": any(
            agency.pk not in authority.agencies(Role.APPROVER) for agency in briefing.clearable
        ),
        "opts": desk.opts,
        "verb": verb,
        "reasons": briefing.reasons,
        "checks": briefing.checks,
        "told": briefing.disclosed,
        "clearable": briefing.clearable,
        "reads": step.stages == workflow.OPEN,
        "is_open": edition.state in approval.OPEN,
        "reading": page_context(request, edition.pk, now),
        "comparison": _compare_with_last(request, edition),
        "seen": consent.sight(edition),
        "stakes": briefing.stakes,
        "proposal": briefing.proposal,
        "asks": verb in Proposal.Verb and briefing.proposal is None,
        "wanted": weekday_datetime(edition.wanted_from) if edition.wanted_from else "",
        "send_back": ReasonForm(auto_id="id_back_%s")
        if step.asks in AT_ONCE and not workflow.why_not_perform("reject", edition, authority)
        else None,
        "destroys": step.takes_away,
    }
    return TemplateResponse(request, "admin/releases/edition/verb.html", context)


def _page_days(editions: list[Edition]) -> list[dt.date]:
    """The dates that readers will see on the pages of these, where somebody set them on purpose; a later version
    keeps that of the first."""
    found = (one for one in editions if one.release_date_is_set and not one.based_on_id)
    return sorted({edition.release_date for edition in found})


def _settled_days(editions: list[Edition]) -> list[tuple[dt.date, dt.date]]:
    """Of each whose date somebody set: that date, and the day of publication that its author asked for and confirmed
    it with. Another day is confirmed by the approver."""
    found = (one for one in editions if one.release_date_is_set and not one.based_on_id)
    return [
        (edition.release_date, timezone.localdate(edition.wanted_from))
        for edition in found
        if edition.wanted_from
    ]


class Asked(NamedTuple):
    """The form of a step and, where it publishes, that of publishing at once; `answered` is the one that was
    sent (none: the step asks nothing)."""

    form: forms.Form | None
    at_once: NowForm | None
    answered: forms.Form | None


def _ask(request: HttpRequest, asks: str, initial: dict[str, Any], before: str) -> Asked:
    """`before`: why a publication at once would be too early; "" where nothing says so."""
    is_now = asks in AT_ONCE and request.POST.get("act") == "now"
    sent = request.POST or None
    form = QUESTIONS[asks](None if is_now else sent, initial=initial) if asks in QUESTIONS else None
    at_once = (
        AT_ONCE[asks](sent if is_now else None, initial=initial, before=before) if asks in AT_ONCE else None
    )
    return Asked(form, at_once, at_once if is_now else form)


def _why_later(editions: list[Edition], now: dt.datetime) -> str:
    """Why these are not to be published at once, in words; "" where nothing speaks against it."""
    later = [one.wanted_from for one in editions if review.wanted_from(one, now)]
    wanted = max(filter(None, later), default=None)
    if not wanted:
        return ""
    wait = timeuntil(wanted, now).replace("\xa0", " ")
    return f"The author asked for {name_instant(wanted)}. That is {wait} from now."


def _compare_with_last(request: HttpRequest, edition: Edition) -> history.Comparison | None:
    """What an edition that is not approved yet changes of the one that it would succeed."""
    if edition.state == Edition.State.APPROVED or not edition.based_on_id:
        return None
    before = visible_rows(request).filter(pk=edition.based_on_id).prefetch_related(*PARTS).first()
    return history.compare_editions(before, edition) if before else None


def _do_as_seen(desk: Any, request: HttpRequest, edition: Edition, verb: str, form: forms.Form | None) -> Any:
    """`do`, unless the edition is another by now."""
    if consent.is_as_seen(edition, request.POST.get("seen", "")):
        return do(desk, request, edition, verb, form.cleaned_data if form else {})
    desk.message_user(request, "This version changed after you opened it. Read it again.", messages.ERROR)
    return None


def _show_anew(form: forms.Form, initial: dict[str, Any]) -> None:
    """After a refusal what was typed stays in the form, and it is about what the page shows now."""
    data = cast(QueryDict, form.data).copy()
    data.update({field.name: initial[field.name] for field in form.hidden_fields() if field.name in initial})
    form.data = data


def do(desk: Any, request: HttpRequest, edition: Edition, verb: str, values: dict[str, Any]) -> Any:
    """The result of the verb (the edition, where it has none), or None after a refusal, which is told."""
    try:
        result = workflow.perform_verb(verb, edition, user=request.user, at=timezone.now(), **values)
    except ActionRefused as refused:
        for reason in refused.reasons:
            desk.message_user(request, reason, messages.ERROR)
        return None
    desk.message_user(request, _say_done(workflow.VERBS[verb], result, edition), messages.SUCCESS)
    return result or edition


def _say_done(step: workflow.Verb, result: Any, before: Edition) -> str:
    """What happened, with what a person would look up next: for whom, from when, which version."""
    if step.name == "clear":
        return f"Cleared for {', '.join(str(clearance.agency) for clearance in result)}."
    if isinstance(result, Proposal) and not result.is_done:
        return "Nothing has changed yet: another person has to confirm it. They find it on their desk."
    return _say_edition(step, result, before) if isinstance(result, Edition) else step.done


def _say_edition(step: workflow.Verb, edition: Edition, before: Edition) -> str:
    if step.name == "next":
        return (
            f"You are now editing version {edition.number}. Version {before.number} stays public until version"
            f" {edition.number} is approved."
        )
    if step.name == "reschedule" and not edition.live_from and edition.wanted_from:
        return (
            f"It is no longer scheduled. It is submitted again for {weekday_datetime(edition.wanted_from)}: who cleared a later"
            " time clears it again, then somebody approves it."
        )
    if step.asks in TIMED and edition.live_from:
        return f"{step.done} Public from {weekday_datetime(edition.live_from)}."
    return step.done


def together_view(desk: Any, request: HttpRequest) -> HttpResponse:
    """Several releases for one instant: all, or none."""
    if asked := reauthentication.ask_again(request):
        return asked
    keys = chosen_keys(request)
    authority = authority_of(request)
    own = visible_rows(request).filter(pk__in=keys).prefetch_related(*PARTS).order_by("release")
    editions = list(own[:MOST_TOGETHER])
    changelist = HttpResponseRedirect(reverse("admin:releases_edition_changelist"))
    if len(editions) != len(keys):
        desk.message_user(request, f"Choose up to {MOST_TOGETHER} releases that you may see.", messages.ERROR)
        return changelist
    refused = {
        edition: " ".join(workflow.why_not_perform("approve", edition, authority)) for edition in editions
    }
    is_possible = bool(editions) and not any(refused.values())
    now = authority.at
    wanted = {review.wanted_from(edition, now) for edition in editions}
    initial = {
        "live_from": wanted.pop() if len(wanted) == 1 else None,
        "settled_days": _settled_days(editions),
    }
    question = _ask(request, "when", initial, _why_later(editions, now))
    form = cast(forms.Form, question.answered)
    is_asked = request.method == "POST" and form.is_valid() and is_possible
    if is_asked and _approve_together(desk, request, editions, form.cleaned_data["live_from"]):
        return changelist
    if is_asked:
        refused = {edition: refused[edition] for edition in own}  # their issuers may have new names by now
    context = {
        **desk.admin_site.each_context(request),
        "title": "Approve together",
        "form": question.form,
        "at_once": question.at_once,
        "page_days": _page_days(editions),
        "opts": desk.opts,
        "editions": list(_read_each(request, refused, now)),
        "told": disclosure.disclosed_with(editions, authority.at, authority.public_agreement_keys),
        "possible": is_possible,
    }
    return TemplateResponse(request, "admin/releases/edition/together.html", context)


class PackagePart(NamedTuple):
    """One of several editions that are approved together: what the approver reads of it, and why it can't be
    approved ("" where it can)."""

    edition: Edition
    seen: str
    refusal: str
    reading: dict[str, Any]
    comparison: history.Comparison | None


def _read_each(request: HttpRequest, refused: dict[Edition, str], now: dt.datetime) -> Iterator[PackagePart]:
    for edition, refusal in refused.items():
        reading = page_context(request, edition.pk, now)
        yield PackagePart(
            edition, consent.sight(edition), refusal, reading, _compare_with_last(request, edition)
        )


def chosen_keys(request: HttpRequest) -> set[int]:
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
        "title": f"Version {before.number} and version {edition.number}",
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
        "release_title": edition.title,
    }
