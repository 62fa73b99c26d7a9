"""The pages on which an editor does something with an edition: asked once, then done, or refused in plain words."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from releases.admin.editions.forms import QUESTIONS, WhenForm
from releases.admin.editions.views import shown, visible
from releases.models import Edition
from releases.services.accounts import permissions
from releases.services.agreements import disclosure
from releases.services.editing import checks
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import approval, workflow
from releases.services.publishing.review import uncleared_agencies
from releases.services.website import history
from releases.templatetags.desk_tags import weekday_datetime

MOST_TOGETHER = 50


def verb_view(desk, request, pk, verb):
    edition = visible(request, pk)
    if verb not in workflow.VERBS:
        raise Http404
    step, now = workflow.VERBS[verb], timezone.now()
    question = QUESTIONS.get(step.asks)
    form = question(request.POST or None, initial=_initial(edition, now)) if question else None
    if request.method == "POST" and (form is None or form.is_valid()):
        result = _do_as_seen(desk, request, edition, verb, form)
        if result or form is None:
            return _redirect(result, edition)
    reasons = workflow.why_not_perform(verb, edition, request.user, now)
    context = {
        **desk.admin_site.each_context(request), "title": step.label, "edition": edition, "form": form, "opts": desk.opts,
        "reasons": reasons, "checks": checks.checks(edition, request.user) if step.stages == workflow.OPEN else [],
        "told": disclosure.disclosed_with([edition], now) if step.stages == workflow.OPEN else [],
        "shown": shown(edition.pk, now), "seen": digest_edition(edition), "verb": verb,
        "waiting": uncleared_agencies(edition) if step.stages == workflow.OPEN else [],
        "clearable": workflow.clearable_agencies(edition, request.user) if verb == "clear" else [],
        "wanted": weekday_datetime(edition.wanted_from) if edition.wanted_from else "",
    }  # fmt: skip
    return TemplateResponse(request, "admin/releases/edition/verb.html", context)


def _do_as_seen(desk, request, edition, verb, form):
    """`do`, unless the edition is another by now. What was typed into the form stays in it after a refusal."""
    digest = digest_edition(edition)
    if request.POST.get("seen") in (None, "", digest):
        return do(desk, request, edition, verb, form.cleaned_data if form else {})
    desk.message_user(request, "This edition changed after you opened it. Read it again.", messages.ERROR)
    if form:
        form.data = form.data.copy()
        form.data["seen"] = digest
    return None


def do(desk, request, edition, verb, values):
    """The result of the verb (the edition, where it has none), or None after a refusal, which is told."""
    try:
        result = workflow.perform_verb(verb, edition, user=request.user, at=timezone.now(), **values)
    except ActionRefused as refused:
        for reason in refused.reasons:
            desk.message_user(request, reason, messages.ERROR)
        return None
    done = workflow.VERBS[verb].done
    if isinstance(result, Edition) and verb in ("approve", "publish-urgently"):
        done = f"{done} Public from {weekday_datetime(result.live_from)}."
    desk.message_user(request, done, messages.SUCCESS)
    return result or edition


def together_view(desk, request):
    """Several releases for one instant: all, or none."""
    pks = {int(pk) for pk in request.GET.get("editions", "").split(",") if pk.isdecimal() and len(pk) < 19}
    own = permissions.editions_for(request.user).filter(pk__in=pks).select_related("release", "address")
    editions = list(own.order_by("release")[:MOST_TOGETHER])
    if len(editions) != len(pks):
        desk.message_user(request, f"Choose up to {MOST_TOGETHER} editions that you may see.", messages.ERROR)
        return HttpResponseRedirect(reverse("admin:releases_edition_changelist"))
    refused = {edition: _refusal(request.user, edition) for edition in editions}
    form = WhenForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and editions and not any(refused.values()):
        seen = {edition.pk: request.POST.get(f"seen-{edition.pk}", "") for edition in editions}
        try:
            approval.approve_together(
                editions, approver=request.user, at=timezone.now(), live_from=form.cleaned_data["live_from"], seen=seen
            )  # fmt: skip
        except ActionRefused as error:
            for reason in error.reasons:
                desk.message_user(request, reason, messages.ERROR)
        else:
            desk.message_user(request, f"Approved together: {len(editions)} releases.", messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:releases_edition_changelist"))
    context = {
        **desk.admin_site.each_context(request), "title": "Approve together", "form": form, "opts": desk.opts,
        "editions": [(edition, digest_edition(edition), refusal) for edition, refusal in refused.items()],
        "told": disclosure.disclosed_with(editions, timezone.now()), "possible": editions and not any(refused.values()),
    }  # fmt: skip
    return TemplateResponse(request, "admin/releases/edition/together.html", context)


def compare_view(desk, request, pk, other):
    """Any two editions of a release, word by word, annexes included."""
    edition, before = visible(request, pk), visible(request, other)
    if edition.release_id != before.release_id:
        raise Http404
    context = {
        **desk.admin_site.each_context(request), "title": f"Edition {before.number} and edition {edition.number}",
        "edition": edition, "before": before, "opts": desk.opts, "comparison": history.compare_editions(before, edition),
    }  # fmt: skip
    return TemplateResponse(request, "admin/releases/edition/compare.html", context)


def _refusal(user, edition):
    reasons = workflow.why_not_perform("approve", edition, user, timezone.now())
    return " ".join(reasons)


def _initial(edition, now):
    wanted = edition.wanted_from if edition.wanted_from and edition.wanted_from > now else None
    return {"live_from": wanted, "seen": digest_edition(edition)}


def _redirect(result, edition):
    pk = result.pk if isinstance(result, Edition) else edition.pk
    return HttpResponseRedirect(reverse("admin:releases_edition_change", args=[pk]))
