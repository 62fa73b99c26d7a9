"""The pages on which a translation is begun, and read beside its original."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from releases.admin.base.authority import authority_of
from releases.admin.editions.views import shown, visible
from releases.content.text.languages import KNOWN_LANGUAGES
from releases.models import Edition, Release
from releases.services.accounts.permissions import Authority, Right
from releases.services.editing import translations
from releases.services.editions.transitions import ActionRefused


class LanguageForm(forms.Form):
    language = forms.ChoiceField()

    def __init__(self, *args: Any, release: Release) -> None:
        super().__init__(*args)
        used = translations.used_languages(release)
        left = [(code, name) for code, name in KNOWN_LANGUAGES.items() if code not in used]
        cast(forms.ChoiceField, self.fields["language"]).choices = left


def find_relatives(edition: Edition, authority: Authority) -> dict[str, Any]:
    """What the form of an edition leads to: other versions of it, and the newest of each translation."""
    group = [one for one in _list_group(edition.release, authority) if one.pk != edition.pk]
    return {
        "others": [one for one in group if one.release_id == edition.release_id],
        "translations": _newest_of_others(group, edition.release),
        "may_translate": edition.erased_at is None and authority.may(Right.WRITE, edition),
    }


def find_translations(release: Release, authority: Authority) -> list[Edition]:
    """The newest version of each other release of its group that somebody may see."""
    return _newest_of_others(_list_group(release, authority), release)


def _list_group(release: Release, authority: Authority) -> list[Edition]:
    """All versions of a release and of its translations that somebody may see, the newest of each first."""
    group = authority.editions.filter(release__translation_group=release.translation_group)
    return list(group.only("number", "release", "language", "title").order_by("release", "-number"))


def _newest_of_others(group: Iterable[Edition], release: Release) -> list[Edition]:
    newest: dict[int, Edition] = {}
    for one in group:
        if one.release_id != release.pk:
            newest.setdefault(one.release_id, one)
    return list(newest.values())


def translate_view(desk: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the language, then begins the translation and opens it."""
    edition, authority = visible(request, pk), authority_of(request)
    if not authority.may(Right.WRITE, edition):
        raise PermissionDenied
    form = LanguageForm(request.POST or None, release=edition.release)
    if request.method == "POST" and form.is_valid():
        try:
            draft = translations.start_translation(
                edition, form.cleaned_data["language"], actor=cast(User, request.user), at=authority.at
            )
        except ActionRefused as refused:
            form.add_error("language", str(refused))
        else:
            words = "Translate the title and the summary, and write the text. The rest is copied."
            desk.message_user(request, words, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:releases_edition_change", args=[draft.pk]))
    context = {
        **desk.admin_site.each_context(request),
        "title": "Add a translation",
        "edition": edition,
        "opts": desk.opts,
        "form": form,
    }
    return TemplateResponse(request, "admin/releases/edition/translate.html", context)


def beside_view(desk: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """A translation beside the newest version of its original; a button says that it follows it."""
    edition, authority = visible(request, pk), authority_of(request)
    original = translations.find_original(edition)
    if original is None:
        raise Http404
    original = visible(request, original.pk)
    if request.method == "POST":
        try:
            translations.mark_up_to_date(edition, original, actor=cast(User, request.user), at=authority.at)
        except ActionRefused as refused:
            raise PermissionDenied from refused
        desk.message_user(request, "The translation is marked as up to date.", messages.SUCCESS)
        return HttpResponseRedirect(request.path)
    context = {
        **desk.admin_site.each_context(request),
        "title": "Original and translation",
        "edition": edition,
        "original": original,
        "opts": desk.opts,
        "pages": [shown(original.pk, authority.at), shown(edition.pk, authority.at)],
        "has_changed": translations.has_original_changed(edition, original),
        "translated": edition.release.original_id if edition.release.original_id != original.pk else None,
        "may_write": authority.may(Right.WRITE, edition),
    }
    return TemplateResponse(request, "admin/releases/edition/beside.html", context)
