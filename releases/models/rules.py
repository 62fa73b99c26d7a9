"""What must never be false, held by the database itself: triggers, and on PostgreSQL an exclusion constraint.

They are put in place after every `migrate` (and not in a migration), because SQLite drops a table's triggers
whenever a later migration rebuilds the table; there they are taken out before one. Installing twice changes
nothing.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

from releases.models.triggers import Trigger, drop_trigger, write_trigger

FROZEN = (
    "release_id number based_on_id address_id title summary release_date release_date_is_set body link_url language contacts change_note "
    "change_class origin author_id approver_id urgent_reason digest digest_version first_live_at created_at"
).split()
"""Columns of an edition that never change once it is approved, until it is erased. While its `live_from` lies ahead
and moves, `first_live_at` of a first edition and a `release_date` that nobody set move with it."""
MOVES = ("first_live_at", "release_date")

DERIVED = {"kind": "kind_rule", "lead_text": "lead_rule", "issuers": "issuers_rule"}
"""What a rule may have found, and the column that names the rule. Such a fact of an import that nobody has saved or
approved here is found anew when the rule changes; `issuers` are rows of their own."""

MAY_CHANGE = (
    (
        "body_html renderer_version wanted_from awaited embargo embargo_is_confirmed release_date_is_confirmed rejection lock_version updated_at "  # no part of the text
        "state live_from live_until erased_at"  # when it is public; each step of it has a rule or a constraint
    ).split()
)
"""The other columns of an edition, which may change after its approval."""

UNCONFIRMED_SUPERUSER = (
    "NEW.is_superuser AND NOT OLD.is_superuser AND NOT EXISTS"
    " (SELECT 1 FROM releases_superusergrant g WHERE g.user_id = NEW.id AND NOT g.is_waiting)"
)
"""An account that exists becomes one; whoever runs the server makes new ones."""

CHILDREN = ["issuer", "annex", "illustration", "edition_agreements"]

CONTRIBUTOR = "releases_editioncontributor"

EMPTIED = "ledger_emptied"

OVERLAP = "Two approved editions of one release may not be live at the same time."
FOREIGN_ADDRESS = "The permalink of an edition must belong to its own release."
IMMUTABLE = "An approved edition does not change. Unschedule it, or write the next edition."
STARTED = "An edition that has been live cannot return to draft."
MOVED = "An edition that has been live was live from that instant on."
KEPT = "An approved edition is never deleted."
FROZEN_CHILD = "Issuers, annexes, illustrations and agreements of an approved edition do not change."
SECOND_PERSON = "Somebody who wrote in an edition does not approve it."
CONTRIBUTORS = "Who wrote in an edition stays on record with it."
APPEND_ONLY = "The ledger is append-only."
TAKEN = "A row that is kept cannot be replaced by another."
PATH = "The address of an approved edition and of its files does not change."
BLOB = "The bytes of a blob do not change."
SLUG = (
    "The short name in the address of an agency or agreement that an approved edition names does not change."
)
CONSENT = "Every agency concerned clears an edition as it is approved, for that instant or an earlier one."
LEAD_PASSED = "What passes over the agency that was the lead is not published urgently."
SUPERUSER = "Somebody may do everything once a second superuser confirms it."
RETURN = "Each joint agency agrees before a release comes back."
CONCERNED = "Which agencies issued a draft before stays on record with it."
ABSENT_TWICE = "Two absences of one release may not overlap."


class Rule(NamedTuple):
    """A trigger: on which table, before or after what, the condition in SQL that is wrong, and what it then
    says."""

    name: str
    table: str
    event: str
    wrong: str
    message: str


def can_install(connection: BaseDatabaseWrapper) -> bool:
    """Whether the tables that the rules speak of are there; not all are, in a database migrated back."""
    return {rule.table for rule in _rules(connection.vendor)} <= set(connection.introspection.table_names())


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every rule in place in the database of `connection`."""
    uninstall(connection)
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers out: for migrations on SQLite, and for tests that empty the tables."""
    with connection.cursor() as cursor:
        for statement in _removals(connection.vendor):
            cursor.execute(statement)


def _statements(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [*_triggers(vendor), *_sqlite_keys()]
    emptied = (  # TRUNCATE asks no trigger of rows
        f"CREATE TRIGGER {EMPTIED} BEFORE TRUNCATE ON releases_ledgerentry"
        " FOR EACH STATEMENT EXECUTE FUNCTION pressroom_ledger_delete()"
    )
    return [*_postgresql_exclusions(), *_triggers(vendor), emptied]


def _removals(vendor: str) -> list[str]:
    names = [(rule.name, rule.table) for rule in _rules(vendor)]
    names += [(EMPTIED, "releases_ledgerentry")] if vendor == "postgresql" else []
    return [drop_trigger(name, table, vendor) for name, table in names]


def _triggers(vendor: str) -> Iterator[str]:
    """What puts a trigger in place that refuses, for each rule."""
    refuse = (
        "SELECT RAISE(ABORT, '{}')"
        if vendor == "sqlite"
        else "RAISE EXCEPTION '{}' USING ERRCODE = 'check_violation'"
    )
    for rule in _rules(vendor):
        row = "OLD" if rule.event.endswith("DELETE") else "NEW"
        refused = (refuse.format(rule.message),)
        trigger = Trigger(rule.name, rule.table, rule.event, rule.wrong, refused, returns=row)
        yield from write_trigger(trigger, vendor)


def _rules(vendor: str) -> list[Rule]:
    """Every rule, in the SQL of the database."""
    same, now = (
        ("IS", "strftime('%Y-%m-%d %H:%M:%f', 'now')")
        if vendor == "sqlite"
        else ("IS NOT DISTINCT FROM", "clock_timestamp()")
    )
    rules = [
        *_edition_rules(same, now),
        Rule("ledger_update", "releases_ledgerentry", "BEFORE UPDATE", "1 = 1", APPEND_ONLY),
        Rule("ledger_delete", "releases_ledgerentry", "BEFORE DELETE", "1 = 1", APPEND_ONLY),
        Rule(
            "blob_bytes",
            "releases_blob",
            "BEFORE UPDATE",
            "NEW.sha256 <> OLD.sha256 OR NEW.size <> OLD.size",
            BLOB,
        ),
        Rule(
            "address_path",
            "releases_address",
            "BEFORE UPDATE",
            f"NEW.path <> OLD.path AND ({_address_in_use()})",
            PATH,
        ),
        *_second_person_rules(),
        *_consent_rules(same),
        Rule("superuser_confirmed", "auth_user", "BEFORE UPDATE", UNCONFIRMED_SUPERUSER, SUPERUSER),
        *_slug_rules(),
        *(rule for child in CHILDREN for rule in _child_rules(child)),
    ]
    return [*rules, *_replacement_rules(), *_overlap_rules()] if vendor == "sqlite" else rules


def _edition_rules(same: str, now: str) -> Iterator[Rule]:
    """What is approved stays as it is, from its instant on also when it is public, and stands at an address
    of its release. `same`: the operator that takes two empty values for equal; `now`: this instant."""
    unchanged = " AND ".join(
        [
            *(f"NEW.{column} {same} OLD.{column}" for column in FROZEN if column not in MOVES),
            *_derived_facts(same),
        ]
    )
    moved = (
        f"OLD.first_live_at = OLD.live_from AND NEW.first_live_at = NEW.live_from AND OLD.live_from > {now}"
    )
    unchanged += f" AND (NEW.first_live_at {same} OLD.first_live_at OR {moved})"
    follows = f"NOT OLD.release_date_is_set AND NEW.live_from <> OLD.live_from AND OLD.live_from > {now}"
    unchanged += f" AND (NEW.release_date = OLD.release_date OR {follows})"
    frozen = "OLD.state = 'approved' AND OLD.erased_at IS NULL"
    erased = "(NEW.erased_at IS NOT NULL AND NEW.body = '' AND NEW.body_html = '' AND NEW.summary = '')"
    changed = f"{frozen} AND NEW.state = 'approved' AND NOT ({unchanged}) AND NOT {erased}"
    started = f"{frozen} AND NEW.state <> 'approved' AND OLD.live_from <= {now}"
    late = (
        f"{frozen} AND NEW.state = 'approved' AND NEW.live_from <> OLD.live_from AND OLD.live_from <= {now}"
    )
    edition = "releases_edition"
    yield Rule("edition_immutable", edition, "BEFORE UPDATE", changed, IMMUTABLE)
    yield Rule("edition_started", edition, "BEFORE UPDATE", started, STARTED)
    yield Rule("edition_moved", edition, "BEFORE UPDATE", late, MOVED)
    yield Rule("edition_kept", edition, "BEFORE DELETE", "OLD.state = 'approved'", KEPT)
    yield Rule("edition_address_insert", edition, "AFTER INSERT", _foreign_address(), FOREIGN_ADDRESS)
    yield Rule("edition_address_update", edition, "AFTER UPDATE", _foreign_address(), FOREIGN_ADDRESS)


def _derived_facts(same: str) -> Iterator[str]:
    """Each stays as it is, or was found by a rule and is again."""
    for fact, rule in DERIVED.items():
        columns = [rule] if fact == "issuers" else [fact, rule]
        kept = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in columns)
        yield f"(({kept}) OR ({_is_derived('OLD', rule)} AND NEW.{rule} <> ''))"


def _is_derived(row: str, rule: str) -> str:
    """A rule found it, and nobody has touched the edition since it was imported."""
    return f"{row}.{rule} <> '' AND {row}.origin = 'import' AND {row}.lock_version = 0"


def _second_person_rules() -> Iterator[Rule]:
    """The approver is nobody who wrote in it; urgency and imports are excused.

    Who wrote is settled with the approval.
    """
    wrote = (
        "NEW.state = 'approved' AND NEW.origin = 'desk' AND NEW.urgent_reason = ''"
        f" AND EXISTS (SELECT 1 FROM {CONTRIBUTOR} c WHERE c.edition_id = NEW.id AND c.user_id = NEW.approver_id)"
    )
    becomes = f"OLD.state <> 'approved' AND {wrote}"
    yield Rule("edition_second_person_insert", "releases_edition", "AFTER INSERT", wrote, SECOND_PERSON)
    yield Rule("edition_second_person_update", "releases_edition", "AFTER UPDATE", becomes, SECOND_PERSON)
    approved = "EXISTS (SELECT 1 FROM releases_edition e WHERE e.id = {}.edition_id AND e.state = 'approved')"
    yield Rule("contributor_insert", CONTRIBUTOR, "BEFORE INSERT", approved.format("NEW"), CONTRIBUTORS)
    yield Rule("contributor_update", CONTRIBUTOR, "BEFORE UPDATE", "1 = 1", CONTRIBUTORS)
    yield Rule("contributor_delete", CONTRIBUTOR, "BEFORE DELETE", approved.format("OLD"), CONTRIBUTORS)


def _consent_rules(same: str) -> Iterator[Rule]:
    """The clearances of joint agencies and of those that were taken out or put behind, as
    `services.accounts.consent` has them; imports approve by themselves, and urgency waives what is not the
    former lead's."""

    def rows(table: str, agency: str, more: str = "") -> str:
        return f"EXISTS (SELECT 1 FROM releases_{table} x WHERE x.edition_id = NEW.id AND x.agency_id = {agency}{more})"

    def uncleared(agency: str) -> str:
        shown = "x.shown_from IS NULL OR x.shown_from <= NEW.live_from"
        return f"NOT {rows('clearance', agency, f' AND x.digest = NEW.digest AND ({shown})')}"

    def excused(agency: str) -> str:
        return f"({rows('pastissuer', agency, ' AND x.imported')} AND NOT {rows('clearance', agency)})"

    past = "EXISTS (SELECT 1 FROM releases_pastissuer p WHERE p.edition_id = NEW.id AND"
    joint = (
        "EXISTS (SELECT 1 FROM releases_issuer i WHERE i.edition_id = NEW.id AND i.position > 1"
        f" AND {uncleared('i.agency_id')} AND NOT {excused('i.agency_id')})"
    )
    passed = f"p.led AND NOT {rows('issuer', 'p.agency_id', ' AND x.position = 1')}"
    gone = f"NOT p.led AND NOT {rows('issuer', 'p.agency_id')} AND NOT {excused('p.agency_id')}"
    owed = (
        f"{joint} OR {past} {passed} AND {uncleared('p.agency_id')})"
        f" OR {past} {gone} AND {uncleared('p.agency_id')})"
    )
    approved = "NEW.state = 'approved' AND (NEW.origin = 'desk' OR NEW.approver_id IS NOT NULL)"
    becomes = f"{approved} AND (OLD.state <> 'approved' OR NOT (NEW.live_from {same} OLD.live_from))"
    held = f"{becomes} AND NEW.erased_at IS NULL"
    yield Rule(
        "edition_consent",
        "releases_edition",
        "AFTER UPDATE",
        f"{held} AND NEW.urgent_reason = '' AND ({owed})",
        CONSENT,
    )
    yield Rule(
        "edition_lead_passed",
        "releases_edition",
        "AFTER UPDATE",
        f"{held} AND NEW.urgent_reason <> '' AND {past} {passed})",
        LEAD_PASSED,
    )
    yield Rule("absence_return", "releases_absence", "BEFORE UPDATE", _disputed_return(), RETURN)
    kept = "EXISTS (SELECT 1 FROM releases_edition e WHERE e.id = OLD.edition_id)"
    less = "NEW.edition_id <> OLD.edition_id OR NEW.agency_id <> OLD.agency_id OR OLD.led AND NOT NEW.led"
    more = "NEW.imported AND NOT OLD.imported"
    yield Rule("past_issuer_delete", "releases_pastissuer", "BEFORE DELETE", kept, CONCERNED)
    yield Rule("past_issuer_update", "releases_pastissuer", "BEFORE UPDATE", f"{less} OR {more}", CONCERNED)


def _disputed_return() -> str:
    """Somebody ends an absence, and a joint issuer of the edition that comes back has agreed to nothing since
    it began, though it cleared that edition."""
    return (
        "NEW.ended_by_id IS NOT NULL AND OLD.until IS NULL AND EXISTS (SELECT 1 FROM releases_edition e"
        " JOIN releases_issuer i ON i.edition_id = e.id AND i.position > 1"
        " JOIN releases_clearance c ON c.edition_id = e.id AND c.agency_id = i.agency_id"
        " WHERE e.release_id = NEW.release_id AND e.state = 'approved' AND e.live_from <= NEW.until"
        " AND (e.live_until IS NULL OR e.live_until > NEW.until) AND c.given_at <= NEW.since)"
    )


def _address_in_use() -> str:
    """By an approved edition, or by a file of one."""
    approved = "e.state = 'approved' AND e.erased_at IS NULL"
    files = [
        f"EXISTS (SELECT 1 FROM releases_{child} c JOIN releases_edition e ON e.id = c.edition_id"
        f" WHERE c.address_id = OLD.id AND {approved})"
        for child in ("annex", "illustration")
    ]
    own = f"EXISTS (SELECT 1 FROM releases_edition e WHERE e.address_id = OLD.id AND {approved})"
    return " OR ".join([own, *files])


def _slug_rules() -> Iterator[Rule]:
    for table, child in (("agency", "issuer"), ("agreement", "edition_agreements")):
        yield Rule(
            f"{table}_slug", f"releases_{table}", "BEFORE UPDATE", _named_by(child, f"{table}_id"), SLUG
        )


def _named_by(child: str, key: str) -> str:
    """Another slug, although an approved edition names the row; approvals bind to slugs."""
    return (
        f"NEW.slug <> OLD.slug AND EXISTS (SELECT 1 FROM releases_{child} c JOIN releases_edition e"
        f" ON e.id = c.edition_id WHERE c.{key} = OLD.id AND e.state = 'approved' AND e.erased_at IS NULL)"
    )


def _replacement_rules() -> Iterator[Rule]:
    """SQLite's REPLACE takes a row away without asking the triggers of DELETE."""
    same = "o.id = NEW.id OR o.previous = NEW.previous OR o.digest = NEW.digest"
    approved = "o.state = 'approved' AND (o.id = NEW.id OR (o.release_id = NEW.release_id AND o.number = NEW.number))"
    for table, held in (("ledgerentry", same), ("edition", approved)):
        name = f"releases_{table}"
        wrong = f"EXISTS (SELECT 1 FROM {name} o WHERE {held})"
        yield Rule(f"{table}_replaced", name, "BEFORE INSERT", wrong, TAKEN)


def _foreign_address() -> str:
    return "NOT EXISTS (SELECT 1 FROM releases_address a WHERE a.id = NEW.address_id AND a.release_id = NEW.release_id)"


def _child_rules(child: str) -> Iterator[Rule]:
    table = f"releases_{child}"

    def parent(row: str) -> str:
        return (
            f"EXISTS (SELECT 1 FROM releases_edition e WHERE e.id = {row}.edition_id"
            f" AND e.state = 'approved' AND e.erased_at IS NULL{found_anew})"
        )

    found_anew = f" AND NOT ({_is_derived('e', 'issuers_rule')})" if child == "issuer" else ""
    yield Rule(f"{child}_frozen_insert", table, "BEFORE INSERT", parent("NEW"), FROZEN_CHILD)
    yield Rule(
        f"{child}_frozen_update",
        table,
        "BEFORE UPDATE",
        f"{parent('NEW')} OR {parent('OLD')}",
        FROZEN_CHILD,
    )
    yield Rule(f"{child}_frozen_delete", table, "BEFORE DELETE", parent("OLD"), FROZEN_CHILD)


def _overlap_rules() -> list[Rule]:
    """SQLite has no exclusion constraint; AFTER, so that NEW.id is known."""
    editions = _overlap("releases_edition", "live_from", "live_until", " AND o.state = 'approved'")
    absences = _overlap("releases_absence", "since", "until", "")
    return [
        Rule(
            "edition_overlap_insert",
            "releases_edition",
            "AFTER INSERT",
            f"NEW.state = 'approved' AND {editions}",
            OVERLAP,
        ),
        Rule(
            "edition_overlap_update",
            "releases_edition",
            "AFTER UPDATE",
            f"NEW.state = 'approved' AND {editions}",
            OVERLAP,
        ),
        Rule("absence_overlap_insert", "releases_absence", "AFTER INSERT", absences, ABSENT_TWICE),
        Rule("absence_overlap_update", "releases_absence", "AFTER UPDATE", absences, ABSENT_TWICE),
    ]


def _overlap(table: str, start: str, end: str, more: str) -> str:
    return (  # every name is a constant of this module
        f"EXISTS (SELECT 1 FROM {table} o WHERE o.release_id = NEW.release_id AND o.id <> NEW.id{more}"
        f" AND o.{start} < COALESCE(NEW.{end}, '9999-12-31') AND NEW.{start} < COALESCE(o.{end}, '9999-12-31'))"
    )


def _sqlite_keys() -> Iterator[str]:
    """No key of an edition is given twice: SQLite forgets the highest one when a migration rebuilds the
    table."""
    highest = "COALESCE((SELECT MAX(edition) FROM releases_ledgerentry), 0)"
    known = "SELECT 1 FROM sqlite_sequence WHERE name = 'releases_edition'"
    yield f"UPDATE sqlite_sequence SET seq = MAX(seq, {highest}) WHERE name = 'releases_edition'"
    yield (
        "INSERT INTO sqlite_sequence (name, seq)"
        f" SELECT 'releases_edition', {highest} WHERE NOT EXISTS ({known})"
    )


def _postgresql_exclusions() -> Iterator[str]:
    yield _exclusion(
        "edition_intervals_do_not_overlap",
        "releases_edition",
        "live_from, live_until",
        " WHERE (state = 'approved')",
    )
    yield _exclusion("absences_do_not_overlap", "releases_absence", "since, until", "")


def _exclusion(name: str, table: str, interval: str, where: str) -> str:
    return f"""
    DO $$ BEGIN
      IF NOT EXISTS (
        SELECT 1 FROM pg_constraint WHERE conname = '{name}' AND conrelid = '{table}'::regclass
      ) THEN
        ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist
          (int8range(release_id, release_id, '[]') WITH &&, tstzrange({interval}) WITH &&){where};
      END IF;
    END $$"""
