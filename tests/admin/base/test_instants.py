"""Times that the clocks of the newsroom's zone show twice or never, at every field of the desk where one is
typed."""

import pytest
from django import forms
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from pressroom.apps import load_desk
from releases.admin.base.fields import InstantMixin
from releases.models import Edition, Redirect
from tests.admin.browsing import sent
from tests.factories import make_agency, make_edition, make_member, make_user

TWICE, NEVER = "2026-10-25T01:30", "2026-03-29T01:30"
TWICE_WORDS = "01:30 on 25 October 2026 comes twice in Europe/London"
NEVER_WORDS = "01:30 on 29 March 2026 does not exist in Europe/London"


@pytest.fixture(autouse=True)
def london(settings):
    settings.TIME_ZONE = "Europe/London"


def instants(fields):
    return [field for field in fields if isinstance(field, forms.DateTimeField | forms.SplitDateTimeField)]


def every_form():
    waiting = [forms.Form, forms.ModelForm]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.startswith("releases."):
            yield one


@pytest.mark.django_db
def test_every_field_of_an_instant_at_the_desk_refuses_them():
    load_desk()
    request = RequestFactory().get("/admin/")
    request.user = make_user(is_superuser=True, is_staff=True)
    fields = [field for form in every_form() for field in form.declared_fields.values()]
    for desk in admin.site._registry.values():
        if not desk.has_add_permission(request) and not desk.has_change_permission(request):
            continue
        forms_of_desk = [desk.get_form(request)]
        forms_of_desk += [row.get_formset(request).form for row in desk.get_inline_instances(request)]
        fields += [field for form in forms_of_desk for field in form.base_fields.values()]
    found = instants(fields)
    assert len(found) >= 8
    assert [field.label for field in found if not isinstance(field, InstantMixin)] == []


@pytest.mark.parametrize("text, words", [(TWICE, TWICE_WORDS), (NEVER, NEVER_WORDS)])
@pytest.mark.django_db
def test_an_editor_reads_what_to_type_instead_and_keeps_the_draft(client, text, words):
    agency = make_agency()
    edition = make_edition(issuers=[agency])
    client.force_login(make_member(agency, role="writer"))
    page = reverse("admin:releases_edition_change", args=[edition.pk])
    answer = client.post(page, sent(client.get(page), wanted_from=text, title="A new title"))
    assert answer.status_code == 200
    assert words in answer.content.decode() and "A new title" in answer.content.decode()
    assert Edition.objects.get(pk=edition.pk).wanted_from is None


@pytest.mark.django_db
def test_a_redirect_s_first_moment_is_asked_again(client):
    client.force_login(make_user(is_superuser=True, is_staff=True))
    page = reverse("admin:releases_redirect_add")
    values = {"path": "/old/", "target": "/new/", "valid_from": "2026-10-25T01:30"}
    answer = client.post(page, sent(client.get(page), **values))
    assert TWICE_WORDS in answer.content.decode()
    assert not Redirect.objects.exists()


@pytest.mark.django_db
def test_a_rehearsal_of_such_a_moment_is_refused(client):
    client.force_login(make_member(make_agency()))
    answer = client.get(reverse("rehearsal"), {"at": TWICE})
    assert TWICE_WORDS in answer.content.decode()
