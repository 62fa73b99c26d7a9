"""A database with releases in it takes the migrations since, keeps every row, and has its rules again
afterwards."""

import datetime as dt
import hashlib
import json
from types import MappingProxyType

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from releases.apps import install_triggers, lift_triggers
from releases.models import Comment, Edition, LedgerEntry, PastIssuer
from releases.models.ledger import FIRST
from releases.services.editing import drafts
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import approval
from releases.services.search import index_blob
from releases.services.search.filters import Filters
from releases.services.search.results import search
from tests.databases import Emptied, drop_tables
from tests.factories import make_edition, make_live, make_next

BEFORE = ("releases", "0018_blob_stored_at")
RENAMED = {("releases_release", "kind"): "form", ("releases_section", "release_label"): "kind"}
GONE = {"releases_opening"}
"""Who had a form open: nothing that is kept."""
SQUASHED = ("releases", "0001_squashed_0060")
NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
WORDS = {"title": "Title", "body": "Words.", "release_date": NOON.date()}


def test_all_migrations_in_one_lead_to_the_same_tables_as_one_after_the_other():
    loader = MigrationLoader(None, replace_migrations=False)
    last = loader.get_migration(*SQUASHED).replaces[-1]
    at_once, in_turn = (loader.project_state([target]) for target in (SQUASHED, last))
    assert "releases" not in MigrationAutodetector(in_turn, at_once)._detect_changes()


@pytest.mark.usefixtures("transactional_db")
def test_a_newsroom_in_use_can_be_migrated():
    edition = make_live(title="Kept", annexes=[("/a.pdf", b"%PDF-1.4", "Annex A", "")])
    blob = edition.annexes.get().blob
    blob.text = "Herring"
    blob.save()
    index_blob(blob)
    draft = make_next(edition)
    concerned = list(PastIssuer.objects.values_list("edition", "agency", "led", "imported"))
    call_command("migrate", "releases", "0031", verbosity=0)
    call_command("migrate", verbosity=0)
    assert list(PastIssuer.objects.values_list("edition", "agency", "led", "imported")) == concerned
    assert [key for key, *_ in concerned] == [draft.pk]
    assert Edition.objects.get(pk=edition.pk).title == "Kept"
    for words in ("kept", "herring"):
        assert [one.pk for one in search(timezone.now(), Filters.read({"q": words})).editions] == [edition.pk]
    with pytest.raises(DatabaseError, match="does not change"), connection.cursor() as cursor:
        cursor.execute("UPDATE releases_edition SET title = 'Changed' WHERE id = %s", [edition.pk])


@pytest.mark.usefixtures("transactional_db")
def test_no_key_is_given_again_after_a_migration_rebuilt_the_table():
    draft = make_next(make_live())
    key = draft.pk
    drafts.discard(draft)
    lift_triggers(using="default", plan=["a migration"])
    with connection.schema_editor() as editor:
        if connection.vendor == "sqlite":
            editor._remake_table(Edition)
    install_triggers(using="default")
    assert make_edition().pk > key


class OldNewsroom:
    """A database before the second person was asked of rows, with models of that time."""

    def __init__(self):
        self.apps = MigrationLoader(connection, replace_migrations=False).project_state(BEFORE).apps
        self.last = FIRST
        agency = self.model("Agency").objects.create(slug="mti", acronym="MTI")
        section = self.model("Section").objects.create(folder="news", title="News")
        self.release = self.model("Release").objects.create(section=section)
        address = self.model("Address").objects.create(
            path="/a/", path_digest="a", folded_digest="a", kind="release", release=self.release
        )
        live = {"state": "approved", "digest": "d", "live_from": NOON, "first_live_at": NOON}
        self.written = {"release": self.release, "address": address, **WORDS}
        first = self.model("Edition").objects.create(number=1, origin="import", **self.written, **live)
        self.written |= {"number": 2, "based_on": first, "change_class": "update", "change_note": "More."}
        self.agency = agency

    def model(self, name):
        return self.apps.get_model("releases", name)

    def person(self, name):
        return self.apps.get_model("auth", "User").objects.create(username=name, is_staff=True)

    def draft(self, author):
        """The second edition, begun by `author`."""
        edition = self.model("Edition").objects.create(author_id=author.pk, **self.written)
        self.model("Issuer").objects.create(edition=edition, position=1, agency=self.agency, name="MTI")
        self.tell("draft", author)
        return edition

    def tell(self, verb, actor, subject="edition 2"):
        facts = [self.last, NOON.isoformat(), actor.pk, self.release.pk, verb, subject, "", "", {}]
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).hexdigest()
        values = {"at": NOON, "actor_id": actor.pk, "release": self.release, "verb": verb, "subject": subject}
        self.model("LedgerEntry").objects.create(**values, previous=self.last, digest=digest)
        self.last = digest

    def rows(self, renamed=MappingProxyType({})):
        """{table: its rows as the columns of that time have them}, without Django's own; `renamed` has what
        columns are called since."""
        models = self.apps.get_app_config("releases").get_models(include_auto_created=True)
        kept = [model for model in models if model._meta.db_table not in GONE]
        return {model._meta.db_table: self._rows(model, renamed) for model in kept}

    def _rows(self, model, renamed):
        table = model._meta.db_table
        names = (field.column for field in model._meta.concrete_fields)
        columns = ", ".join(connection.ops.quote_name(renamed.get((table, name), name)) for name in names)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {table}")
            return sorted(map(repr, cursor.fetchall()))


@pytest.fixture(scope="session")
def migrated_before():
    """SQLite's database of that time, once a test migrated an empty one to it."""
    return []


@pytest.fixture
def old(transactional_db, migrated_before):
    if migrated_before:
        migrated_before[0].restore()
    else:
        drop_tables(connection)
        steps = MigrationExecutor(connection)
        steps.loader = MigrationLoader(connection, replace_migrations=False)
        steps.migrate([("releases", "0001_initial")])
        call_command("migrate", *BEFORE, verbosity=0)
        if connection.vendor == "sqlite":
            migrated_before.append(Emptied(connection))
    yield OldNewsroom()
    if connection.vendor != "sqlite":  # else all of the database is put back
        drop_tables(connection)
        call_command("migrate", verbosity=0)


@pytest.fixture
def written(old):
    """A draft was discarded and begun anew under its number; somebody's edit was undone; it was handed
    over."""
    people = {name: old.person(name) for name in "discarder helper author undone undoer heir reader".split()}
    discarded = old.draft(people["discarder"])
    old.tell("save", people["helper"])
    discarded.issuers.all().delete()
    discarded.delete()
    draft = old.draft(people["author"])
    old.tell("save", people["undone"])
    old.tell("save", people["undoer"])
    old.tell("save", people["reader"], "edition 1")
    old.model("Edition").objects.filter(pk=draft.pk).update(author_id=people["heir"].pk)
    return draft.pk


def approve(key, name):
    with transaction.atomic():
        approval.approve(
            Edition.objects.get(pk=key), approver=User.objects.get(username=name), at=timezone.now()
        )


REFUSED = {"author": "changed", "undone": "changed", "undoer": "changed", "heir": "wrote"}
APPROVE = (
    "UPDATE releases_edition SET state = 'approved', digest = 'x', live_from = updated_at,"
    " first_live_at = updated_at, approver_id = (SELECT id FROM auth_user WHERE username = %s) WHERE id = %s"
)


def test_whoever_wrote_in_a_draft_does_not_approve_it_after_the_migration_either(written):
    call_command("migrate", verbosity=0)
    rows = Edition.objects.get(pk=written).contributors.select_related("user")
    assert {row.user.username for row in rows} == set(REFUSED)
    for name, words in REFUSED.items():
        with pytest.raises(ActionRefused, match=f"You {words} this version. Someone else has to approve it."):
            approve(written, name)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(APPROVE, [name, written])
    for name in ("discarder", "helper", "reader"):  # who wrote in a draft that is gone, or in another edition
        assert not list(
            approval._same_person(Edition.objects.get(pk=written), User.objects.get(username=name))
        )
    approve(written, "helper")
    assert LedgerEntry.objects.broken() is None
    assert [entry.format for entry in LedgerEntry.objects.order_by("pk")] == [1] * 6 + [2]


def test_every_row_stays_and_old_entries_hold(old, written):
    author = User.objects.get(username="author")
    old.model("Remark").objects.create(edition_id=written, author_id=author.pk, at=NOON, text="A word.")
    old.model("Section").objects.update(release_label="speech")  # a word that kinds are called by since
    old.model("Edition").objects.filter(number=1).update(body_html="<p>Words that say something.</p>")
    before = old.rows()
    call_command("migrate", verbosity=0)
    assert old.rows(RENAMED) == before
    assert LedgerEntry.objects.broken() is None
    assert set(LedgerEntry.objects.values_list("format", "edition")) == {(1, None)}
    assert Comment.objects.get().text == "A word."
    imported = Edition.objects.get(number=1)
    assert (imported.kind, imported.kind_rule, imported.digest_version) == ("speech", "section 0", 1)
    assert imported.lead_text == "Words that say something."


def test_who_might_see_remarks_sees_comments(old):
    permission = old.apps.get_model("auth", "Permission").objects.get(codename="view_remark")
    old.person("reader").user_permissions.add(permission)
    call_command("migrate", "releases", "0019", verbosity=0)
    reader = User.objects.get(username="reader")
    held = list(reader.user_permissions.values_list("codename", "name", "content_type__model"))
    assert held == [("view_comment", "Can view comment", "comment")]
    call_command("migrate", *BEFORE, verbosity=0)
    held = list(reader.user_permissions.values_list("codename", "name", "content_type__model"))
    assert held == [("view_remark", "Can view remark", "remark")]
