"""What surrounds an edition at the desk: its page as readers will see it, its preview links, and who did
what."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from releases.admin.base.authority import authority_of
from releases.admin.base.fields import LocalTimeField
from releases.content.text.permalinks import quote_path
from releases.models import (
    Annex,
    Autosave,
    Clearance,
    Comment,
    Edition,
    Illustration,
    Issuer,
    LedgerEntry,
    PastIssuer,
)
from releases.services.accounts.permissions import Authority, Right
from releases.services.editing import comments, draft_files, previews
from releases.services.editions.transitions import ActionRefused
from releases.services.website import release_page


class LinkForm(forms.Form):
    person = forms.CharField(
        label="People",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="By name, one a line. Each person gets a link of their own.",
    )
    expires_at = LocalTimeField(
        required=False, label="Ends", help_text="Empty: in 30 days. It also ends at publication."
    )
    may_comment = forms.BooleanField(required=False, label="May comment or note consent")

    def clean_person(self) -> list[str]:
        """The names, each once."""
        lines = (line.strip() for line in self.cleaned_data["person"].splitlines())
        names = list(dict.fromkeys(line for line in lines if line))
        if len(names) > MOST_PEOPLE:
            raise forms.ValidationError(f"Name up to {MOST_PEOPLE} people at once.")
        if any(len(name) > LONGEST_NAME for name in names):
            raise forms.ValidationError(f"A name may have {LONGEST_NAME} characters.")
        return names


class CommentForm(forms.Form):
    text = forms.CharField(
        label="Comment",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For colleagues of the agencies that issue this release. Readers never see it.",
    )


MOST_PEOPLE = 20
LONGEST_NAME = 200
NEARBY = dt.timedelta(minutes=10)
# What tells who may do what with an edition; and with that, whether it may be published, and what its digest
# is.
ISSUERS = Prefetch("issuers", Issuer.objects.select_related("agency"))
PARTS: tuple[Any, ...] = (
    Prefetch("annexes", Annex.objects.select_related("address", "blob")),
    Prefetch("illustrations", Illustration.objects.select_related("address", "blob").order_by("pk")),
    "agreements",
    Prefetch("clearances", Clearance.objects.select_related("agency", "given_by")),
    Prefetch("past_issuers", PastIssuer.objects.select_related("agency")),
    "contributors",
    "release__absences",
    "release__proposals",
)


def require_maker(request: HttpRequest, response: HttpResponse, lookup: str) -> HttpResponse:
    """A page on who changed what, for the makers of the row that it shows, which may be public too.

    `lookup` leads from an edition to the row. Raises PermissionDenied.
    """
    row = getattr(response, "context_data", {}).get("object")
    if row and not authority_of(request).editable_editions.filter(**{lookup: row.pk}).exists():
        raise PermissionDenied
    return response


def visible_rows(request: HttpRequest) -> QuerySet[Edition]:
    """Every edition that who asks may see, with what tells what they may do with it."""
    rows = authority_of(request).editions.select_related("release", "address")
    return rows.prefetch_related(ISSUERS)


def visible(request: HttpRequest, pk: int) -> Edition:
    """The edition, if it is one of `visible_rows`. Raises Http404."""
    return get_object_or_404(visible_rows(request), pk=pk)


def visible_whole(request: HttpRequest, pk: int) -> Edition:
    """`visible`, with its parts."""
    edition = visible(request, pk)
    prefetch_related_objects([edition], *PARTS)
    return edition


class CommentThread(NamedTuple):
    """A comment with the replies to it; `is_new`: one of them is to the user."""

    comment: Comment
    replies: list[Comment]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Collaboration:
    """How an edition is being made: who else has typed in it within NEARBY and not saved yet, who cleared it, what
    colleagues say."""

    nearby: list[Autosave]
    clearances: QuerySet[Clearance]
    comments: list[CommentThread]

    @property
    def open_comments(self) -> int:
        return sum(thread.comment.resolved_at is None for thread in self.comments)


def find_collaboration(edition: Edition, request: HttpRequest) -> Collaboration | None:
    """What only those are told who may follow the making of an edition, and comment on it; None for anybody
    else."""
    authority = authority_of(request)
    if not authority.may(Right.FOLLOW, edition):
        return None
    typed = Autosave.objects.unsaved(authority.at - NEARBY).filter(edition=edition)
    typed = typed.exclude(user=request.user.pk).select_related("user").defer("values")
    return Collaboration(
        nearby=list({one.user_id: one for one in reversed(typed)}.values()),
        clearances=edition.clearances.all(),
        comments=_find_threads(edition, authority),
    )


def _find_threads(edition: Edition, authority: Authority) -> list[CommentThread]:
    """The comments, oldest first, with their replies; those of others are new until somebody has seen them."""
    found = list(edition.comments.select_related("author", "link", "resolved_by"))
    if not found:
        return []
    new = set(comments.unread_comments(authority).filter(edition=edition).values_list("pk", flat=True))
    comments.mark_read(edition, cast(User, authority.user), authority.at)
    replies: dict[int | None, list[Comment]] = {}
    for comment in found:
        replies.setdefault(comment.reply_to_id, []).append(comment)
    return [
        CommentThread(
            comment, said := replies.get(comment.pk, []), any(one.pk in new for one in (comment, *said))
        )
        for comment in replies.get(None, [])
    ]


def shown(pk: int, at: dt.datetime) -> release_page.ReleaseView:
    """An edition as its page shows it; its annexes and pictures open at the desk, before they are public
    too."""
    page = release_page.find_draft_page(pk, at)
    return draft_files.with_own_files(
        page, lambda sha256: reverse("admin:releases_edition_file", args=[pk, sha256])
    )


def page_context(request: HttpRequest, pk: int, at: dt.datetime) -> dict[str, Any]:
    """What the template of a public page needs to show an edition that may not be public yet."""
    page = shown(pk, at)
    return {
        "page": page,
        "edition": page.edition,
        "section": page.edition.release.section,
        "url": request.build_absolute_uri(quote_path(page.edition.address.path)),
    }


def page_view(desk: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The public page of an edition that may not be public yet, for who may see it."""
    visible(request, pk)
    context = page_context(request, pk, timezone.now())
    response = render(request, "releases/release_detail.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def links_view(desk: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link, see who opened which, revoke one."""
    edition = visible(request, pk)
    if not authority_of(request).may(Right.WRITE, edition):
        raise PermissionDenied
    form = LinkForm(request.POST if "revoke" not in request.POST and request.method == "POST" else None)
    if request.method == "POST":
        done = (
            _revoke(desk, request, edition)
            if "revoke" in request.POST
            else _make(desk, request, edition, form)
        )
        if done:
            return HttpResponseRedirect(request.path)
    context = {
        **desk.admin_site.each_context(request),
        "title": "Preview links",
        "edition": edition,
        "form": form,
        "opts": desk.opts,
        "links": edition.preview_links.select_related("made_by").prefetch_related("visits"),
        "now": timezone.now(),
    }
    return TemplateResponse(request, "admin/releases/edition/links.html", context)


def _make(desk: Any, request: HttpRequest, edition: Edition, form: LinkForm) -> bool:
    if not form.is_valid():
        return False
    values = {**form.cleaned_data, "actor": cast(User, request.user), "at": timezone.now()}
    people = values.pop("person")
    try:
        with transaction.atomic():
            made = [previews.make_link(edition, person=name, **values) for name in people]
    except ActionRefused as refused:
        form.add_error(None, str(refused))
        return False
    for link, token in made:
        url = request.build_absolute_uri(reverse("preview", args=[token]))
        words = format_html("The link for {} is shown this once: <code>{}</code>", link.person, url)
        desk.message_user(request, words, messages.SUCCESS)
    return True


def _revoke(desk: Any, request: HttpRequest, edition: Edition) -> bool:
    link = get_object_or_404(
        edition.preview_links, pk=request.POST["revoke"] if request.POST["revoke"].isdecimal() else 0
    )
    previews.revoke(link, actor=cast(User, request.user), at=timezone.now())
    desk.message_user(request, f"The link for {link.person} has ended.", messages.SUCCESS)
    return True


def comment_view(desk: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps a comment, or a reply to one, and goes back to the edition; one that can't be kept is shown again with
    the reason. Resolves a comment too, and opens it again."""
    edition = visible(request, pk)
    if not authority_of(request).may(Right.FOLLOW, edition):
        raise PermissionDenied
    back = HttpResponseRedirect(f"{reverse('admin:releases_edition_change', args=[pk])}#comments")
    actor, now = cast(User, request.user), timezone.now()
    if key := request.POST.get("resolve"):
        comments.resolve_comment(_comment(edition, key), actor=actor, at=now)
        return back
    if key := request.POST.get("reopen"):
        comments.reopen_comment(_comment(edition, key))
        return back
    form = CommentForm(request.POST if request.method == "POST" else None)
    key = request.POST.get("reply_to") or request.GET.get("reply_to") or ""
    answered = _comment(edition, key) if key else None
    if request.method == "POST" and form.is_valid():
        try:
            comments.add_comment(edition, actor=actor, at=now, reply_to=answered, **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error("text", str(refused))
        else:
            return back
    context = {
        **desk.admin_site.each_context(request),
        "title": "Reply" if answered else "Comment",
        "edition": edition,
        "answered": answered,
        "form": form,
        "opts": desk.opts,
    }
    return TemplateResponse(request, "admin/releases/edition/comment.html", context)


def _comment(edition: Edition, key: str) -> Comment:
    """One of the edition's comments. Raises Http404."""
    return get_object_or_404(edition.comments, pk=int(key[:18]) if key.isdecimal() else 0)


def ledger_view(desk: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Every entry of the release, the newest first."""
    edition = visible(request, pk)
    if not authority_of(request).may(Right.FOLLOW, edition):
        raise PermissionDenied
    entries = LedgerEntry.objects.filter(release=edition.release_id).select_related("actor").order_by("-pk")
    context = {
        **desk.admin_site.each_context(request),
        "title": "Who did what",
        "edition": edition,
        "entries": entries,
        "opts": desk.opts,
        "broken": LedgerEntry.objects.broken_of(edition.release_id),
    }
    return TemplateResponse(request, "admin/releases/edition/ledger.html", context)
