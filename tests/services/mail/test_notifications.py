"""Who gets an email when something happens to an edition, and how often."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from releases.models import Delegation, Edition, Mail, MailPreference
from releases.services.editing import comments
from releases.services.mail import outbox
from releases.services.mail.preferences import read_preferences, save_preferences
from releases.services.publishing import approval, review
from tests.factories import NOON, make_agency, make_edition, make_member, save

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
Kind = Mail.Kind
OF_NO_RELEASE = (Kind.INVITATION, Kind.PASSWORD, Kind.SECOND_FACTOR, Kind.SUPERUSER, Kind.DIGEST, Kind.NOTICE)


@pytest.fixture(autouse=True)
def has_mail(settings):
    settings.EMAIL_URL = "memory://"
    settings.SITE_URL = "https://news.example"


def told(kind):
    """The names of those for whom an email of this kind waits."""
    return sorted(Mail.objects.filter(kind=kind).values_list("recipient__username", flat=True))


@pytest.fixture
def joint():
    """A draft of two agencies, each with a writer and an approver; the lead's writer is its author."""
    lead, partner = make_agency("lead", "Lead", "LEAD"), make_agency("partner", "Partner", "PARTNER")
    for agency in (lead, partner):
        for role in ("writer", "approver"):
            make_member(
                agency, role=role, username=f"{agency.slug}-{role}", email=f"{role}@{agency.slug}.example"
            )
    author = User.objects.get(username="lead-writer")
    return make_edition(issuers=[lead, partner], author=author)


def person(name):
    return User.objects.get(username=name)


def test_who_can_go_on_is_told_that_something_waits(joint):
    review.submit(joint, actor=person("lead-writer"), at=NOON)
    assert told(Kind.WAITING) == ["lead-approver", "partner-approver"]


def test_an_approver_who_wrote_in_it_is_not_asked_to_approve_it(joint):
    joint.contributors.create(user=person("lead-approver"))
    review.submit(joint, actor=person("lead-writer"), at=NOON)
    assert told(Kind.WAITING) == ["partner-approver"]


def test_those_who_wrote_are_told_that_it_was_sent_back(joint):
    joint.contributors.create(user=person("partner-writer"))
    review.submit(joint, actor=person("lead-writer"), at=NOON)
    review.reject(joint, actor=person("lead-approver"), reason="The figure is wrong.", at=NOON)
    assert told(Kind.SENT_BACK) == ["lead-writer", "partner-writer"]


def test_a_comment_is_told_to_those_who_wrote_or_commented_but_to_whoever_made_it(joint):
    comments.add_comment(joint, text="Is this right?", actor=person("partner-approver"), at=NOON)
    comments.add_comment(joint, text="Yes.", actor=person("lead-writer"), at=NOON)
    assert told(Kind.COMMENT) == ["lead-writer", "partner-approver"]


def test_an_earlier_time_tells_the_agency_whose_clearance_it_voids(joint):
    starts = timezone.now() + 2 * DAY
    Edition.objects.filter(pk=joint.pk).update(wanted_from=starts)
    joint.refresh_from_db()
    partner = person("partner-approver")
    for agency in (one.agency for one in joint.issuers.all()[1:]):
        review.record_clearance(joint, agency=agency, actor=partner, at=timezone.now())
    approver = person("lead-approver")
    approval.approve(joint, approver=approver, live_from=starts, at=timezone.now())
    approval.reschedule(joint, actor=approver, live_from=starts - DAY, resubmits=True, at=timezone.now())
    assert [(mail.recipient, mail.why) for mail in Mail.objects.filter(kind=Kind.CLEARANCE_VOID)] == [
        (partner, Mail.Why.TIME)
    ]


def test_a_deputy_gets_the_emails_of_whoever_is_away_and_only_then(joint):
    Delegation.objects.create(
        principal=person("lead-approver"),
        deputy=person("partner-writer"),
        starts=NOON.date(),
        ends=NOON.date(),
    )
    review.submit(joint, actor=person("lead-writer"), at=NOON)
    assert told(Kind.WAITING) == ["lead-approver", "partner-approver", "partner-writer"]
    Mail.objects.all().delete()
    review.take_back(joint, actor=person("lead-writer"), at=NOON + DAY)
    review.submit(joint, actor=person("lead-writer"), at=NOON + DAY)
    assert told(Kind.WAITING) == ["lead-approver", "partner-approver"]


def test_a_deputy_is_not_told_of_what_they_did_themselves(joint):
    away, deputy = person("lead-writer"), person("partner-writer")
    Delegation.objects.create(principal=away, deputy=deputy, starts=NOON.date(), ends=NOON.date())
    comments.add_comment(joint, text="One.", actor=deputy, at=NOON)
    assert told(Kind.COMMENT) == ["lead-writer"]


def test_each_person_has_each_kind_at_once_once_a_day_or_never(joint, mailoutbox):
    reader = person("lead-writer")
    save_preferences(reader, {"comment": "daily", "sent-back": "never"})
    assert read_preferences(reader)["comment"] == "daily"
    for words in ("One.", "Two.", "Three."):
        comments.add_comment(joint, text=words, actor=person("partner-writer"), at=NOON)
    review.submit(joint, actor=reader, at=NOON)
    review.reject(joint, actor=person("lead-approver"), reason="No.", at=NOON)
    [digest] = Mail.objects.waiting().filter(recipient=reader)
    assert timezone.localtime(digest.due_at).hour == 8 and NOON < digest.due_at <= NOON + DAY
    Mail.objects.filter(pk=digest.pk).update(due_at=timezone.now() - HOUR)
    Mail.objects.exclude(recipient=reader).delete()
    assert outbox.send_due() == 1
    [message] = mailoutbox
    assert "A colleague commented or replied: 3" in message.body
    assert joint.title not in message.body
    assert not Mail.objects.waiting().exists()


def test_a_summary_of_what_its_reader_may_not_see_any_more_is_not_sent(joint, mailoutbox):
    reader = person("partner-writer")
    MailPreference.objects.create(user=reader, kind=Kind.COMMENT, frequency=MailPreference.DAILY)
    comments.add_comment(joint, text="One.", actor=reader, at=NOON)
    comments.add_comment(joint, text="Two.", actor=joint.author, at=NOON)
    reader.memberships.all().delete()
    Mail.objects.update(due_at=timezone.now() - HOUR)
    outbox.send_due()
    assert [message.to for message in mailoutbox] == [[joint.author.email]]
    assert not Mail.objects.filter(recipient=reader).exists()


def test_no_kind_of_email_says_which_release_it_is_about(joint, mailoutbox):
    Edition.objects.filter(pk=joint.pk).update(title="Kanarititle", rejection="Kanarireason")
    for kind in Kind:
        if kind not in OF_NO_RELEASE:
            for why in ("", *Mail.Why):
                Mail.objects.post(kind, [person("lead-writer")], at=timezone.now(), edition=joint, why=why)
    sent = outbox.send_due()
    assert sent == len(mailoutbox) == 6 * (1 + len(Mail.Why))
    for message in mailoutbox:
        whole = str(message.message())
        assert "Kanari" not in whole and "Partner" not in whole and joint.address.path not in whole
        assert f"/admin/releases/edition/{joint.pk}/change/" in message.body


def test_without_mail_nothing_is_written(joint, settings):
    settings.EMAIL_URL = ""
    review.submit(joint, actor=person("lead-writer"), at=NOON)
    assert not Mail.objects.exists()


def test_a_save_that_changes_a_cleared_text_tells_the_agency_that_cleared_it(joint):
    partner = person("partner-approver")
    agency = joint.issuers.all()[1].agency
    review.record_clearance(joint, agency=agency, actor=partner, at=NOON)
    save(joint, actor=person("lead-writer"), body="Another text.")
    assert [(mail.recipient, mail.why) for mail in Mail.objects.filter(kind=Kind.CLEARANCE_VOID)] == [
        (partner, Mail.Why.TEXT)
    ]
