"""Every rule of the database, tried from SQL, past Django and past the services."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from releases.models import (
    Absence,
    Address,
    Agreement,
    Edition,
    EditionContributor,
    Issuer,
    LedgerEntry,
    SiteFile,
    rules,
)
from releases.services.publishing import approval
from tests.factories import (
    NOON,
    make_agency,
    make_blob,
    make_edition,
    make_file_address,
    make_live,
    make_scheduled,
    make_user,
)

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(days=1)


def refused(sql, *params):
    """Whether the database refuses a statement, and that it would have touched a row or added one."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
            assert cursor.rowcount == 1
    except IntegrityError:
        return True
    return False


def copy_of(row, *, verb="INSERT", **changes):
    """An INSERT of a second row like `row`; with another key, unless the changes have one."""
    known = {field.column: field for field in row._meta.concrete_fields}
    values = {
        column: getattr(row, field.attname) for column, field in known.items() if column != "id"
    } | changes
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    stored = [known[column].get_db_prep_save(value, connection) for column, value in values.items()]
    return f"{verb} INTO {row._meta.db_table} ({names}) VALUES ({marks})", *stored


@pytest.mark.parametrize(
    "column, value",
    [
        ("title", "Another title"),
        ("body", "Other words"),
        ("summary", "x"),
        ("release_date", "2020-01-01"),
        ("language", "ms"),
        ("link_url", "https://example.org/"),
        ("contacts", "x"),
        ("change_note", "x"),
        ("origin", "import"),
        ("digest", "0" * 64),
        ("number", 7),
        ("first_live_at", "2020-01-01 00:00:00+00:00"),
    ],
)
def test_an_approved_edition_keeps_what_was_approved(column, value):
    edition = make_live()
    sql = f"UPDATE releases_edition SET {column} = %s WHERE id = %s"
    assert refused(sql, value, edition.pk)
    draft = make_edition()
    if column != "first_live_at":
        assert not refused(sql, value, draft.pk)


@pytest.mark.parametrize(
    "column",
    ["address_id", "approver_id", "author_id", "based_on_id", "change_class", "created_at", "urgent_reason"],
)
def test_an_approved_edition_keeps_its_place_and_who_made_it(column):
    edition, other = make_live(), make_user()
    moved = Address.objects.create(path="/elsewhere/", kind="release", release=edition.release)
    people = {"approver_id": other.pk, "author_id": other.pk}
    rows = {"address_id": moved.pk, "based_on_id": make_edition(release=edition.release, number=2).pk}
    value = {"change_class": "update", "created_at": NOON, "urgent_reason": "x", **people, **rows}[column]
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(**{column: value})


def test_only_erasure_takes_the_text_of_an_approved_edition():
    edition = make_live(summary="A summary")
    emptied = {"title": "Erased", "body": "", "body_html": "", "summary": ""}
    refused_changes = [
        emptied,
        {**emptied, "erased_at": NOON, "body": "Other words"},
        {**emptied, "erased_at": NOON, "body_html": "<p>Other words</p>"},
        {**emptied, "erased_at": NOON, "summary": "Other words"},
    ]
    for change in refused_changes:
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            Edition.objects.filter(pk=edition.pk).update(**change)
    assert Edition.objects.filter(pk=edition.pk).update(**emptied, erased_at=NOON) == 1


@pytest.mark.parametrize(
    "column, value", [("body_html", "<p>x</p>"), ("renderer_version", 9), ("lock_version", 3)]
)
def test_an_approved_edition_can_be_rendered_again(column, value):
    assert not refused(f"UPDATE releases_edition SET {column} = %s WHERE id = %s", value, make_live().pk)


def test_an_approved_edition_can_be_given_an_end():
    edition = make_live()
    assert not refused("UPDATE releases_edition SET live_until = %s WHERE id = %s", NOON + LATER, edition.pk)
    assert refused("UPDATE releases_edition SET live_until = %s WHERE id = %s", NOON - LATER, edition.pk)


def test_an_approved_edition_is_never_deleted():
    edition = make_live()
    assert refused("DELETE FROM releases_edition WHERE id = %s", edition.pk)


def test_an_edition_that_has_been_live_stays_approved():
    sql = (
        "UPDATE releases_edition SET state = 'draft', live_from = NULL, live_until = NULL, first_live_at = NULL"
        " WHERE id = %s"
    )
    assert refused(sql, make_live(at=timezone.now() - LATER).pk)
    assert not refused(sql, make_scheduled(live_from=timezone.now() + LATER).pk)


def test_an_edition_is_in_a_state_that_is_known():
    draft, sql = make_edition(), "UPDATE releases_edition SET state = %s WHERE id = %s"
    states = ("published", "", "submitted", "rejected", "draft")
    assert [refused(sql, state, draft.pk) for state in states] == [True, True, False, False, False]


def test_a_draft_has_no_instant():
    draft = make_edition()
    for column in ("live_from", "live_until", "first_live_at"):
        assert refused(f"UPDATE releases_edition SET {column} = %s WHERE id = %s", NOON, draft.pk)


@pytest.mark.parametrize(
    "change",
    [
        {"live_from": None},
        {"first_live_at": None},
        {"digest": ""},
        {"approver_id": None},
        {"state": "published"},
        {"number": 1},
    ],
)
def test_an_approved_row_is_complete(change):
    edition = make_live()
    second = {"number": 2, "live_from": NOON + LATER, "live_until": NOON + 2 * LATER}
    Edition.objects.filter(pk=edition.pk).update(live_until=NOON + LATER)
    assert refused(*copy_of(edition, **(second | change)))
    assert not refused(*copy_of(edition, **second))


def test_nobody_approves_their_own_edition():
    author = make_user()
    edition = make_live()
    Edition.objects.filter(pk=edition.pk).update(live_until=NOON + LATER)
    second = {"number": 2, "live_from": NOON + LATER, "live_until": None, "author_id": author.pk}
    assert refused(*copy_of(edition, **second, approver_id=author.pk))
    assert not refused(*copy_of(edition, **second, approver_id=make_user().pk))


APPROVE = (
    "UPDATE releases_edition SET state = 'approved', digest = 'x', approver_id = %s, live_from = created_at,"
    " first_live_at = created_at WHERE id = %s"
)


def test_nobody_approves_what_they_wrote_in():
    edition, writer, other = make_edition(author=make_user()), make_user(), make_user()
    EditionContributor.objects.add(edition, writer)
    EditionContributor.objects.add(edition, writer)
    EditionContributor.objects.add(make_edition(), other)
    assert not refused("UPDATE releases_edition SET approver_id = %s WHERE id = %s", writer.pk, edition.pk)
    with (
        pytest.raises(IntegrityError, match="does not approve it"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(APPROVE, [writer.pk, edition.pk])
    assert not refused(APPROVE, other.pk, edition.pk)
    assert refused("UPDATE releases_edition SET approver_id = %s WHERE id = %s", writer.pk, edition.pk)


def test_what_its_writer_approved_before_there_was_a_rule_can_be_given_an_end():
    edition = make_live()
    rules.uninstall(connection)
    EditionContributor.objects.add(edition, edition.approver)
    rules.install(connection)
    assert not refused("UPDATE releases_edition SET live_until = %s WHERE id = %s", NOON + LATER, edition.pk)


@pytest.mark.parametrize("column, value", [("urgent_reason", "A rumour"), ("origin", "import")])
def test_urgency_and_imports_are_excused_from_a_second_person(column, value):
    edition, writer = make_edition(**{column: value}), make_user()
    EditionContributor.objects.add(edition, writer)
    assert not refused(APPROVE, writer.pk, edition.pk)


def test_who_wrote_in_an_edition_stays_on_record():
    edition, writer, other = make_edition(author=make_user()), make_user(), make_user()
    EditionContributor.objects.add(edition, writer)
    sql = "UPDATE releases_editioncontributor SET user_id = %s WHERE user_id = %s"
    assert refused(sql, other.pk, writer.pk)
    approval.approve(edition, approver=other, at=NOON)
    with pytest.raises(IntegrityError, match="stays on record"), transaction.atomic():
        EditionContributor.objects.add(edition, make_user())
    assert refused("DELETE FROM releases_editioncontributor WHERE user_id = %s", writer.pk)
    assert edition.contributors.count() == 2


@pytest.mark.parametrize(
    "starts, ends",
    [(0, None), (-1, None), (-1, 0.5), (0.25, 0.5), (0.5, 2)],
)
def test_two_editions_of_a_release_are_never_live_at_once(starts, ends):
    edition = make_live()
    Edition.objects.filter(pk=edition.pk).update(live_until=NOON + LATER)
    live_until = None if ends is None else NOON + ends * LATER
    assert refused(*copy_of(edition, number=2, live_from=NOON + starts * LATER, live_until=live_until))


def test_the_next_edition_may_start_where_the_last_one_ends():
    edition = make_live()
    assert refused(*copy_of(edition, number=2, live_from=NOON + LATER))
    Edition.objects.filter(pk=edition.pk).update(live_until=NOON + LATER)
    assert not refused(*copy_of(edition, number=2, live_from=NOON + LATER))
    assert refused("UPDATE releases_edition SET live_until = NULL WHERE id = %s", edition.pk)


def test_a_permalink_belongs_to_its_own_release():
    edition, other = make_edition(), make_edition()
    assert refused("UPDATE releases_edition SET address_id = %s WHERE id = %s", other.address_id, edition.pk)
    assert refused(*copy_of(edition, number=2, address_id=make_file_address("/files/a.pdf").pk))


def test_the_parts_of_an_approved_edition_do_not_change():
    edition = make_live(annexes=[("/files/a.pdf", b"%PDF-1")], images=[("/images/a.png", b"png")])
    for table in ("issuer", "annex"):
        assert refused(f"UPDATE releases_{table} SET position = 9 WHERE edition_id = %s", edition.pk)
    for table in ("issuer", "annex", "illustration"):
        assert refused(f"DELETE FROM releases_{table} WHERE edition_id = %s", edition.pk)
    sql = "INSERT INTO releases_issuer (edition_id, position, agency_id, name, acronym) VALUES (%s, 2, %s, 'x', 'x')"
    agency = make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    assert refused(sql, edition.pk, agency.pk)
    assert not refused(sql, make_edition().pk, agency.pk)


def test_an_annex_moves_neither_into_an_approved_edition_nor_out_of_one():
    draft, live = (
        make_edition(annexes=[("/files/b.pdf", b"%PDF-2")]),
        make_live(annexes=[("/a.pdf", b"%PDF-1")]),
    )
    sql = "UPDATE releases_annex SET edition_id = %s, position = 9 WHERE edition_id = %s"
    assert refused(sql, live.pk, draft.pk)
    assert refused(sql, draft.pk, live.pk)
    assert not refused(sql, make_edition().pk, draft.pk)


def test_the_agreements_of_an_approved_edition_do_not_change():
    draft, agreement = make_edition(), Agreement.objects.create(slug="a", title="An agreement")
    draft.agreements.add(agreement)
    live = approval.approve(draft, approver=make_user(), at=NOON)
    named = Edition.agreements.through.objects.filter(edition=live)
    other = Agreement.objects.create(slug="b", title="Another agreement")
    changes = [named.delete, lambda: live.agreements.add(other), lambda: named.update(agreement=other)]
    for change in changes:
        with pytest.raises(IntegrityError, match="do not change"), transaction.atomic():
            change()


def test_no_two_owners_share_a_path():
    address = make_edition().address
    with pytest.raises(IntegrityError), transaction.atomic():
        Address.objects.create(path=address.path, kind="file")


def test_an_address_has_the_owner_of_its_kind():
    address = make_edition().address
    for kind in ("file", "redirect", "section"):
        assert refused("UPDATE releases_address SET kind = %s WHERE id = %s", kind, address.pk)
    assert refused("UPDATE releases_address SET path = 'no-slash' WHERE id = %s", address.pk)


def test_the_ledger_only_grows():
    make_live()
    entry = LedgerEntry.objects.get()
    assert refused("UPDATE releases_ledgerentry SET verb = 'nothing' WHERE id = %s", entry.pk)
    assert refused("DELETE FROM releases_ledgerentry WHERE id = %s", entry.pk)
    assert LedgerEntry.objects.broken() is None


def test_bytes_never_change_under_their_digest():
    blob = make_blob(b"%PDF-1.4 x")
    assert refused("UPDATE releases_blob SET size = 1 WHERE sha256 = %s", blob.pk)
    assert refused("UPDATE releases_blob SET sha256 = %s WHERE sha256 = %s", "0" * 64, blob.pk)
    assert not refused("UPDATE releases_blob SET pages = 3 WHERE sha256 = %s", blob.pk)


def test_absences_of_a_release_do_not_overlap_and_end_by_a_second_person():
    person, other = make_user(), make_user()
    absence = Absence.objects.create(
        release=make_live().release,
        kind="withdrawn",
        since=NOON,
        until=NOON + LATER,
        reason="Why",
        begun_by=person,
    )
    values = {"release": absence.release, "kind": "removed", "reason": "Why"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(**values, since=NOON + LATER / 2)
    assert refused("UPDATE releases_absence SET ended_by_id = %s WHERE id = %s", person.pk, absence.pk)
    assert not refused("UPDATE releases_absence SET ended_by_id = %s WHERE id = %s", other.pk, absence.pk)
    second = Absence.objects.create(**values, since=NOON + LATER)
    assert refused("UPDATE releases_absence SET since = %s WHERE id = %s", NOON + LATER / 2, second.pk)
    assert not refused("UPDATE releases_absence SET since = %s WHERE id = %s", NOON + 2 * LATER, second.pk)


def test_an_absence_has_a_reason_and_a_known_kind_and_ends_after_it_begins():
    absence = Absence.objects.create(release=make_live().release, kind="withdrawn", since=NOON, reason="Why")
    rows = Absence.objects.filter(pk=absence.pk)
    for wrong in ({"reason": ""}, {"kind": "hidden"}, {"until": NOON}, {"until": NOON - LATER}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
    assert rows.update(reason="Another", kind="removed", until=NOON + LATER) == 1


def test_a_file_of_an_edition_has_a_place_and_a_name_and_is_listed_once():
    draft = make_edition(
        annexes=[("/files/a.pdf", b"%PDF-1", "Annex A", "A"), ("/files/b.pdf", b"%PDF-2", "Annex B", "B")],
        images=[("/images/a.png", b"png"), ("/images/b.png", b"png")],
    )
    annex, other = draft.annexes.all()
    for change in ("position = 0", "position = 2", "label = '', title = ''"):
        assert refused(f"UPDATE releases_annex SET {change} WHERE id = %s", annex.pk)
    assert refused("UPDATE releases_annex SET address_id = %s WHERE id = %s", other.address_id, annex.pk)
    for change in ("position = 3", "label = ''", "label = 'Annex A', title = ''"):
        assert not refused(f"UPDATE releases_annex SET {change} WHERE id = %s", annex.pk)
    picture, shown = draft.illustrations.all()
    sql = "UPDATE releases_illustration SET address_id = %s WHERE id = %s"
    assert refused(sql, shown.address_id, picture.pk)


def test_one_file_of_the_old_site_is_open_at_an_address():
    values = {"address": make_file_address("/files/a.pdf"), "blob": make_blob(), "live_from": NOON}
    for live_until in (NOON, NOON - LATER):
        with pytest.raises(IntegrityError), transaction.atomic():
            SiteFile.objects.create(**values, live_until=live_until)
    for live_until in (NOON + LATER, None):
        SiteFile.objects.create(**values, live_until=live_until)
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteFile.objects.create(**values)
    SiteFile.objects.create(**values | {"address": make_file_address("/files/b.pdf")})


def test_an_agency_issues_an_edition_once_and_positions_are_taken_once():
    issuer = Issuer.objects.get(edition=make_edition())
    for position, agency in [
        (1, make_agency("imda", "IMDA", "IMDA")),
        (2, issuer.agency),
        (0, make_agency("imda")),
    ]:
        with pytest.raises(IntegrityError), transaction.atomic():
            Issuer.objects.create(edition=issuer.edition, agency=agency, position=position, name="x")


def test_installing_the_rules_again_changes_nothing():
    edition = make_live()
    rules.install(connection)
    rules.install(connection)
    assert refused("DELETE FROM releases_edition WHERE id = %s", edition.pk)


def test_the_path_of_a_public_text_or_file_does_not_change():
    edition = make_live(
        annexes=[("/files/a.pdf", b"%PDF-1", "Annex A", "A")], images=[("/images/a.png", b"png")]
    )
    draft = make_edition()
    file, picture = edition.annexes.get().address_id, edition.illustrations.get().address_id
    sql = "UPDATE releases_address SET path = %s WHERE id = %s"
    assert refused(sql, "/elsewhere/", edition.address_id)
    assert refused(sql, "/files/b.pdf", file)
    assert refused(sql, "/images/b.png", picture)
    assert not refused(sql, "/not-yet/", draft.address_id)
    erased = make_live()
    empty = {"title": "Erased", "body": "", "body_html": "", "summary": ""}
    Edition.objects.filter(pk=erased.pk).update(**empty, erased_at=NOON)
    assert not refused(sql, "/not-any-more/", erased.address_id)
    for address in (edition.address_id, file, picture):
        assert not refused("UPDATE releases_address SET folded_digest = 'x' WHERE id = %s", address)


@pytest.mark.parametrize("changes", [{"number": 9}, {"id": 9_000}])
def test_an_approved_edition_is_not_replaced(changes):
    """By a row with its key, or by one with its number; neither would ask the triggers of DELETE on
    SQLite."""
    edition = make_live()
    verb = "REPLACE" if connection.vendor == "sqlite" else "INSERT"
    later = {"live_from": NOON + LATER, "live_until": NOON + 2 * LATER}
    assert refused(*copy_of(edition, verb=verb, **{"id": edition.pk, **later, **changes}))
    assert Edition.objects.get().body == edition.body


@pytest.mark.parametrize("taken", ["id", "previous", "digest"])
def test_an_entry_of_the_ledger_is_not_replaced(taken):
    make_live()
    entry = LedgerEntry.objects.get()
    verb = "REPLACE" if connection.vendor == "sqlite" else "INSERT"
    other = {"id": 9_000, "previous": "1" * 64, "digest": "2" * 64}
    assert refused(*copy_of(entry, verb=verb, **(other | {taken: getattr(entry, taken)})))
    assert not refused(*copy_of(entry, verb=verb, **other))


def test_a_draft_is_not_replaced_by_one_that_its_writer_approved():
    edition, writer = make_edition(), make_user()
    EditionContributor.objects.add(edition, writer)
    verb = "REPLACE" if connection.vendor == "sqlite" else "INSERT"
    changes = {"state": "approved", "digest": "x", "live_from": NOON, "first_live_at": NOON}
    assert refused(*copy_of(edition, verb=verb, id=edition.pk, approver_id=writer.pk, **changes))


def test_no_new_row_is_approved_by_whoever_is_on_record_as_its_writer_already():
    edition, writer = make_live(), make_user()
    Edition.objects.filter(pk=edition.pk).update(live_until=NOON + LATER)
    row = {"id": 9_000, "number": 2, "live_from": NOON + LATER, "live_until": None}
    with transaction.atomic():
        EditionContributor.objects.create(edition_id=9_000, user=writer)
        assert refused(*copy_of(edition, **row, approver_id=writer.pk))
        assert not refused(*copy_of(edition, **row, approver_id=make_user().pk))
        transaction.set_rollback(True)


@pytest.mark.postgres
def test_the_ledger_is_not_emptied():
    make_live()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else what is still to be checked would refuse it
        with pytest.raises(IntegrityError, match="append-only"):
            cursor.execute("TRUNCATE releases_ledgerentry CASCADE")
        transaction.set_rollback(True)


@pytest.mark.parametrize("kind", ["agency", "agreement"])
def test_a_slug_that_an_approved_edition_names_does_not_change(kind):
    draft = make_edition()
    agreement = Agreement.objects.create(slug="cptpp", title="The CPTPP")
    draft.agreements.add(agreement)
    named = agreement if kind == "agreement" else draft.issuers.get().agency
    rows = type(named).objects.filter(pk=named.pk)
    rows.update(slug="before")
    approval.approve(draft, approver=make_user(), at=NOON)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        rows.update(slug="after")
    rows.update(slug="before")
    assert rows.update(**({"title": "Another"} if kind == "agreement" else {"acronym": "NEW"})) == 1
    type(named).objects.create(slug="unnamed")
    assert type(named).objects.filter(slug="unnamed").update(slug="another") == 1


def test_a_draft_and_its_parts_can_be_deleted():
    draft = make_edition(annexes=[("/files/a.pdf", b"%PDF-1")], images=[("/images/a.png", b"png")])
    draft.agreements.add(Agreement.objects.create(slug="pact", title="A pact"))
    EditionContributor.objects.add(draft, make_user())
    for table in ("issuer", "annex", "illustration", "edition_agreements", "editioncontributor"):
        assert not refused(f"DELETE FROM releases_{table} WHERE edition_id = %s", draft.pk)
    assert draft.annexes.count() == draft.illustrations.count() == draft.issuers.count() == 0
    assert draft.agreements.count() == draft.contributors.count() == 0
    assert not refused("DELETE FROM releases_edition WHERE id = %s", draft.pk)
    assert not Edition.objects.exists()


FOUND = {"kind_rule": "section 1", "issuers_rule": "owner 1", "origin": "import"}
FIND_ANEW = "UPDATE releases_edition SET kind = 'speech', kind_rule = 'spoken 2' WHERE id = %s"
FIND_ISSUER = "UPDATE releases_issuer SET name = 'Another' WHERE edition_id = %s"


def found_by_rule(**fields):
    """An approved import whose kind and issuers a rule found."""
    edition = make_edition(**FOUND | fields)
    live = {"state": "approved", "digest": "d", "live_from": NOON, "first_live_at": NOON}
    Edition.objects.filter(pk=edition.pk).update(**live)
    return edition


def test_what_a_rule_found_in_an_import_is_found_anew():
    edition = found_by_rule()
    assert not refused(FIND_ANEW, edition.pk)
    assert not refused(FIND_ISSUER, edition.pk)


@pytest.mark.parametrize(
    "fields",
    [{"lock_version": 1}, {"kind_rule": "", "issuers_rule": ""}, {"origin": "desk", "urgent_reason": "Now"}],
    ids=["saved here", "typed", "written here"],
)
def test_what_somebody_typed_or_confirmed_is_never_found_anew(fields):
    edition = found_by_rule(**fields, **({"approver": make_user()} if "urgent_reason" in fields else {}))
    assert refused(FIND_ANEW, edition.pk)
    assert refused(FIND_ISSUER, edition.pk)


@pytest.mark.parametrize(
    "change", ["kind_rule = ''", "title = 'Another', kind_rule = 'spoken 2'", "digest_version = 1"]
)
def test_nothing_else_changes_with_what_a_rule_found(change):
    assert refused(f"UPDATE releases_edition SET {change} WHERE id = %s", found_by_rule().pk)
