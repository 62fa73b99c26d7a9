"""Acts of one click that lead back to where they were asked for: a copy of a release, and a reminder to those who have to
decide."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from releases.admin.base.authority import authority_of
from releases.admin.editions.views import visible
from releases.services.desk import reminders
from releases.services.editing import duplicates
from releases.services.editions.transitions import ActionRefused

COPIED = (
    "This is a new draft. Copied: title, summary, text, agencies, section, language, contacts and agreements. Not copied: files,"
    " times and everything that somebody agreed to. Change the title; where you empty the web address, it is made of the new one."
)


def duplicate_view(desk: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Makes the copy and opens it."""
    edition, authority = visible(request, pk), authority_of(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        draft = duplicates.duplicate_release(edition, actor=cast(User, request.user), at=authority.at)
    except ActionRefused as refused:
        desk.message_user(request, str(refused), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:releases_edition_change", args=[pk]))
    desk.message_user(request, COPIED, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:releases_edition_change", args=[draft.pk]))


def remind_view(desk: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Sends the reminder and goes back to the desk."""
    edition, authority = visible(request, pk), authority_of(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        reminders.remind(edition, actor=cast(User, request.user), at=authority.at)
    except ActionRefused as refused:
        desk.message_user(request, str(refused), messages.ERROR)
    else:
        words = f"An email reminds those who decide on “{edition.title}”, unless they chose to get none."
        desk.message_user(request, words, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:index"))
