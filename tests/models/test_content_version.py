"""The content version moves with every change that readers may see, and with no other."""

import datetime as dt

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from releases.models import (
    Absence,
    Address,
    AgencyName,
    Agreement,
    AgreementEvent,
    Blob,
    Comment,
    ContentVersion,
    Edition,
    Mention,
    Presence,
    Redirect,
    Section,
    content_version,
)
from releases.services.editing import drafts
from releases.services.publishing import approval, erasure, takedown
from releases.services.search.indexing import index_blob, index_missing
from tests.factories import (
    NOON,
    cleared,
    make_agency,
    make_blob,
    make_edition,
    make_file_address,
    make_live,
    make_member,
    make_next,
    make_section,
    make_user,
    save,
)

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)


def read_version():
    """With what the transaction has done until now: on PostgreSQL the triggers wait for its end."""
    connection.check_constraints()
    return ContentVersion.objects.get().version


def raises(change):
    before = read_version()
    with transaction.atomic():
        begin_another()
        change()
        begin_another()
    return read_version() != before


def begin_another():
    """As another transaction would, let PostgreSQL raise the version anew."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pressroom.raised_in', '', true)")


def test_every_table_and_column_is_said_to_be_public_or_private():
    known = set(content_version.PUBLIC) | {f"releases_{name}" for name in content_version.PRIVATE_TABLES}
    models = apps.get_app_config("releases").get_models(include_auto_created=True)
    tables = {model._meta.db_table: model for model in models}
    assert known == set(tables)
    for table, public in content_version.PUBLIC.items():
        columns = {field.column for field in tables[table]._meta.concrete_fields} - {"id"}
        private = content_version.PRIVATE_COLUMNS.get(table, "").split()
        assert sorted(columns) == sorted([*public.columns.split(), *private]), table


def test_the_row_is_there_once_and_migrating_gives_it_a_new_value():
    before = read_version()
    call_command("migrate", verbosity=0)
    assert before
    assert read_version() not in ("", before)


class Live:
    """A newsroom with one of everything that readers see."""

    def __init__(self):
        self.agency = make_agency()
        self.edition = make_live(
            issuers=[self.agency], annexes=[("/files/a.pdf", b"%PDF-1")], images=[("/i/a.png", b"\x89PNG")]
        )
        self.release = self.edition.release
        self.agreement = Agreement.objects.create(slug="pact", title="Pact")
        self.draft = make_edition(annexes=[("/files/draft.pdf", b"%PDF-2")])


@pytest.fixture
def live():
    return Live()


def test_an_approval(live):
    cleared(live.draft)
    assert raises(lambda: approval.approve(live.draft, approver=make_user(), at=NOON))


def test_an_approval_for_later_which_may_be_the_next_boundary(live):
    cleared(live.draft)
    assert raises(lambda: approval.approve(live.draft, approver=make_user(), at=NOON, live_from=LATER))


def test_a_schedule_that_is_taken_back():
    edition = cleared(make_edition())
    later = timezone.now() + dt.timedelta(days=2)
    approval.approve(edition, approver=make_user(), at=timezone.now(), live_from=later)
    assert raises(lambda: approval.unschedule_edition(edition, actor=make_user(), at=timezone.now()))


def test_a_next_edition(live):
    following = make_next(live.edition, body="Another text.")
    assert raises(lambda: approval.approve(following, approver=make_user(), at=LATER))


def test_an_absence_and_its_end(live):
    absence = {"release": live.release, "kind": "withdrawn", "since": LATER, "reason": "Wrong."}
    assert raises(lambda: Absence.objects.create(**absence))
    assert raises(lambda: Absence.objects.update(until=LATER + dt.timedelta(days=1)))


def change_row(model, **values):
    return lambda: model.objects.update(**values)


def erase(release):
    actor = make_user(is_superuser=True)
    takedown.remove(release, actor=actor, reason="Law.", at=LATER)
    erasure.erase_release(release, actor=actor, reason="Law.", at=LATER)


CHANGES = {
    "an agency": lambda live: change_row(type(live.agency), acronym="MTIX"),
    "a name": lambda live: change_row(AgencyName, name="Ministry of Trade"),
    "a section": lambda live: change_row(Section, title="Speeches"),
    "an agreement": lambda live: change_row(Agreement, summary="What it is."),
    "a stored file of a live release": lambda live: change_row(Blob, pages=7),
    "a file of a live release that was read and holds nothing": lambda live: change_row(
        Blob, inspected_at=NOON
    ),
    "the HTML of a live text": lambda live: change_row(Edition, body_html="<p>Rendered anew</p>"),
    "a redirect": lambda live: (
        lambda: Redirect.objects.create(
            address=Address.objects.create(path="/old/", kind="redirect"),
            release=live.release,
            valid_from=NOON,
        )
    ),
    "an event": lambda live: (
        lambda: AgreementEvent.objects.create(
            agreement=live.agreement, kind="signed", date=NOON.date(), release=live.release
        )
    ),
    "a mention": lambda live: lambda: Mention.objects.create(agreement=live.agreement, release=live.release),
    "a new name of an agency": lambda live: (
        lambda: AgencyName.objects.create(agency=live.agency, name="Ministry of Tin", valid_from=NOON.date())
    ),
    "a section that is added": lambda live: lambda: make_section("/speeches/", "Speeches"),
    "a file of the old site": lambda live: (
        lambda: make_file_address("/robots.txt").site_files.create(
            blob=make_blob(b"plain", "text/plain"), live_from=NOON
        )
    ),
    "the text of a live annex": lambda live: (
        lambda: index_blob(Blob(pk=live.edition.annexes.get().blob_id, text="herring"))
    ),
    "an erasure": lambda live: lambda: erase(live.release),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_readers_see_raises_it(live, kind):
    assert raises(CHANGES[kind](live))


def test_words_that_are_indexed_later_raise_it(live):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM releases_edition_words")
    assert raises(lambda: index_missing(lambda rows, _: rows))


PRIVATE = {
    "a draft that is begun": lambda live: make_edition,
    "a draft that is saved": lambda live: lambda: save(live.draft, title="Another", body="Other words."),
    "a next edition that is begun and saved": lambda live: lambda: save(make_next(live.edition), body="x"),
    "a draft that is discarded": lambda live: lambda: drafts.discard(live.draft),
    "an upload": lambda live: lambda: make_blob(b"%PDF-3"),
    "a stored file that no reader sees": lambda live: (
        lambda: Blob.objects.filter(pk=live.draft.annexes.get().blob_id).update(pages=3)
    ),
    "the text of a draft's annex": lambda live: (
        lambda: index_blob(Blob(pk=live.draft.annexes.get().blob_id, text="herring"))
    ),
    "a comment": lambda live: (
        lambda: Comment.objects.create(edition=live.draft, author=make_user(), at=NOON, text="Yes.")
    ),
    "an account": lambda live: lambda: make_member(live.agency),
    "a sign-in": lambda live: change_row(User, last_login=NOON),
    "presence": lambda live: lambda: Presence.objects.create(user=make_user(), seen_at=NOON),
    "who is asked about a live edition": lambda live: change_row(Edition, lock_version=9, updated_at=NOON),
    "a row that is saved as it is": lambda live: live.agency.save,
    "an address of a draft": lambda live: (
        lambda: Address.objects.filter(release=live.draft.release).update(path="/moved/")
    ),
}


@pytest.mark.parametrize("kind", PRIVATE)
def test_what_no_reader_sees_leaves_it(live, kind):
    assert not raises(PRIVATE[kind](live))


def test_a_change_that_is_rolled_back_leaves_it(live):
    before = read_version()
    with transaction.atomic():
        Section.objects.update(title="Speeches")
        transaction.set_rollback(True)
    assert read_version() == before


@pytest.mark.postgres
def test_a_table_that_is_emptied_as_a_whole_raises_it(live):
    def empty():
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE releases_mention")

    assert raises(empty)


@pytest.mark.parametrize("column", ["scan", "media_type"])
def test_triggers_are_not_put_in_where_a_column_that_they_speak_of_is_missing(monkeypatch, column):
    """As in a database that was migrated back."""
    assert content_version.can_install(connection)
    describe = connection.introspection.get_table_description

    def without(cursor, table):
        return [one for one in describe(cursor, table) if (table, one.name) != ("releases_blob", column)]

    monkeypatch.setattr(connection.introspection, "get_table_description", without)
    assert not content_version.can_install(connection)
