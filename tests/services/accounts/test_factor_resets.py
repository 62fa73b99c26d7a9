import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from releases.models import LedgerEntry, SecondFactorReset
from releases.services.accounts import factor_resets, second_factor
from releases.services.editions.transitions import ActionRefused
from releases.services.mail import outbox
from tests.admin.accounts.codes import give_app, give_password
from tests.factories import make_agency, make_member, make_user

pytestmark = pytest.mark.django_db
REASON = "Lost phone; I know her voice."
Verb = LedgerEntry.Verb


@pytest.fixture
def agency():
    return make_agency()


@pytest.fixture
def administrators(agency):
    return [make_member(agency, role="administrator") for _ in range(2)]


@pytest.fixture
def anna(agency):
    return give_app(make_member(agency, username="anna", email="anna@mti.example"))


def reset(user, actor, reason=REASON):
    return factor_resets.reset(user, actor=actor, reason=reason, at=timezone.now())


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_it_takes_two_administrators_and_the_person_is_signed_out_and_told(
    anna, administrators, settings, django_capture_on_commit_callbacks
):
    settings.SECOND_FACTOR, settings.EMAIL_URL = True, "smtp://mail.example"
    session = signed_in(anna)
    first, second = administrators
    assert not reset(anna, first).is_done and second_factor.has_one(anna)
    with pytest.raises(ActionRefused, match="Another administrator"):
        reset(anna, first)
    with django_capture_on_commit_callbacks(execute=True):
        assert reset(anna, second).is_done
    assert not Authenticator.objects.filter(user=anna).exists()
    assert session.get("/admin/").url.startswith("/admin/login/")
    assert outbox.send_due() == 1
    assert [letter.to for letter in mail.outbox] == [[anna.email]] and REASON not in mail.outbox[0].body
    verbs = LedgerEntry.objects.filter(subject="anna").values_list("verb", "actor", "note__reason")
    assert list(verbs) == [(Verb.PROPOSE, first.pk, REASON), (Verb.RESET, second.pk, REASON)]
    again = Client()
    give_password(again, anna)
    assert again.get("/admin/").url == reverse("mfa_index")


def test_who_may_not(anna, administrators, agency):
    outsider = make_member(make_agency("imda", "Infocomm", "IMDA"), role="administrator")
    approver = make_member(agency)
    for person in (anna, outsider, approver):
        with pytest.raises(ActionRefused):
            reset(anna, person)
    root = give_app(make_user(is_superuser=True, is_staff=True))
    with pytest.raises(ActionRefused, match="Only superusers"):
        reset(root, administrators[0])
    with pytest.raises(ActionRefused, match="no second factor"):
        reset(approver, administrators[0])
    with pytest.raises(ActionRefused, match="Give the reason"):
        reset(anna, administrators[0], reason=" ")
    assert second_factor.has_one(anna) and not SecondFactorReset.objects.exists()


def test_what_was_asked_can_be_turned_down(anna, administrators):
    reset(anna, administrators[0])
    factor_resets.keep(anna, actor=administrators[1], at=timezone.now())
    assert factor_resets.standing_reset(anna) is None and second_factor.has_one(anna)
    with pytest.raises(ActionRefused, match="Nobody asks"):
        factor_resets.keep(anna, actor=administrators[1], at=timezone.now())
    assert not reset(anna, administrators[1]).is_done


def test_the_database_holds_it(anna, administrators):
    made = reset(anna, administrators[0])
    for person in (administrators[0], anna):
        with pytest.raises(IntegrityError), transaction.atomic():
            SecondFactorReset.objects.filter(pk=made.pk).update(ended_by=person, is_done=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondFactorReset.objects.filter(pk=made.pk).update(is_done=True)


def test_over_the_desk(anna, administrators):
    first, second = (signed_in(person) for person in administrators)
    page = reverse("admin:releases_membership_second_factor", args=[anna.pk])
    assert page in first.get(reverse("admin:releases_membership_changelist")).content.decode()
    first.post(page, {"reason": REASON})
    assert page not in first.get("/admin/").content.decode()
    assert page in second.get("/admin/").content.decode() and REASON in second.get(page).content.decode()
    second.post(page, {"reason": REASON, "keep": "1"})
    assert second_factor.has_one(anna)
    first.post(page, {"reason": REASON})
    second.post(page, {"reason": REASON})
    assert not second_factor.has_one(anna)
    assert "took the second factor off your account" in signed_in(anna).get("/admin/").content.decode()


def test_whoever_runs_the_server_lets_a_lone_superuser_in_again_on_record(capsys):
    root = give_app(make_user("root", is_superuser=True, is_staff=True))
    call_command("reset_second_factor", "root")
    assert "root signs in" in capsys.readouterr().out and not second_factor.has_one(root)
    entry = LedgerEntry.objects.get(verb=Verb.RESET)
    assert (entry.subject, entry.actor) == ("root", None)
    for name, words in (("root", "no second factor"), ("nobody", "no account")):
        with pytest.raises(CommandError, match=words):
            call_command("reset_second_factor", name)
