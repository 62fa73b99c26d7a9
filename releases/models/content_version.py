"""Which content the public sees: a row that gets another value whenever something public changes.

Triggers of the database write it, in the transaction of the change, so whoever reads the row and then the
content has no older content than the row tells. The clock alone does not change it: see
`services.editions.boundaries`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from releases.models.triggers import Trigger, drop_trigger, write_trigger

TABLE = "releases_contentversion"
EMPTIED = "emptied_raises_version"
# TRUNCATE asks no trigger of rows.
EMPTIED_TRIGGER = (
    f"CREATE TRIGGER {EMPTIED} AFTER TRUNCATE ON {{table}}"
    " FOR EACH STATEMENT EXECUTE FUNCTION pressroom_raise_version_of_emptied()"
)


class ContentVersion(models.Model):
    """One row; drawn at random, so that no restored database brings an earlier value back."""

    version = models.CharField(max_length=32, editable=False)

    def __str__(self) -> str:
        return self.version


class PublicTable(NamedTuple):
    """`columns` are the names of those that readers see; `is_public` is the condition in SQL
    under which a row of the table, called `{row}`, is public or was, by what is approved."""

    columns: str
    is_public: str = "1 = 1"


APPROVED = "EXISTS (SELECT 1 FROM releases_edition e WHERE e.id = {row}.edition_id AND e.state = 'approved')"
HAS_APPROVED = (
    "EXISTS (SELECT 1 FROM releases_edition e WHERE e.release_id = {row}.%s AND e.state = 'approved')"
)
SHOWN = " OR ".join(
    f"EXISTS (SELECT 1 FROM releases_{child} c JOIN releases_edition e ON e.id = c.edition_id"
    " WHERE c.{key} = {{row}}.{own} AND e.state = 'approved')"
    for child in ("annex", "illustration")
)
SERVED = "EXISTS (SELECT 1 FROM releases_sitefile f WHERE f.{key} = {{row}}.{own})"


def _is_served(key: str, own: str) -> str:
    """A file of an approved edition, or of the old site, has `key` as the row has it in its column `own`."""
    return f"({SHOWN} OR {SERVED})".format(key=key, own=own)


PUBLIC = {
    "releases_absence": PublicTable("release_id kind since until reason"),
    "releases_address": PublicTable(
        "path path_digest folded_digest kind release_id section_id",
        f"({{row}}.section_id IS NOT NULL OR {HAS_APPROVED % 'release_id'} OR {_is_served('address_id', 'id')})",
    ),
    "releases_agency": PublicTable(
        "slug acronym kind parent_id successor_id succeeded_on hosts aliases is_active"
    ),
    "releases_agencycontact": PublicTable("agency_id name phone email hours valid_from valid_until"),
    "releases_agencyname": PublicTable("agency_id name acronym valid_from"),
    "releases_agreement": PublicTable(
        "slug title short_title acronyms former_titles instrument_type binding summary subjects lead_agency_id"
        " contact depositary registration duration renewal expires_on source_url"
    ),
    "releases_agreementevent": PublicTable(
        "agreement_id kind date place note release_id public_from source source_url"
    ),
    "releases_agreementtext": PublicTable("agreement_id kind language blob_id"),
    "releases_annex": PublicTable("edition_id position label title language address_id blob_id", APPROVED),
    "releases_blob": PublicTable(
        "sha256 size media_type inspected_at pages tagged language title encrypted thumbnail_width"
        " thumbnail_height picture_width picture_height copy_widths problem scan",
        f"({_is_served('blob_id', 'sha256')}"
        " OR EXISTS (SELECT 1 FROM releases_agreementtext t WHERE t.blob_id = {row}.sha256)"
        " OR EXISTS (SELECT 1 FROM releases_newsroom n"
        " WHERE {row}.sha256 IN (n.logo_id, n.logo_dark_id, n.social_picture_id)))",
    ),
    "releases_edition": PublicTable(
        "release_id number based_on_id address_id title summary release_date body body_html link_url language kind"
        " lead_text contacts awaited change_note change_class state origin live_from live_until first_live_at erased_at"
        " digest renderer_version",
        "{row}.state = 'approved'",
    ),
    "releases_edition_agreements": PublicTable("edition_id agreement_id", APPROVED),
    "releases_illustration": PublicTable("edition_id address_id blob_id alt_text", APPROVED),
    "releases_issuer": PublicTable("edition_id position agency_id name acronym", APPROVED),
    "releases_mention": PublicTable("agreement_id release_id"),
    "releases_newsroom": PublicTable(
        "name line colour logo_id logo_dark_id logo_says_name social_picture_id email phone security_contact about contact privacy terms licence licence_url official_note footer_links"
    ),
    "releases_pagetext": PublicTable("blob_id number text", _is_served("blob_id", "blob_id")),
    "releases_party": PublicTable("agreement_id position kind country agency_id name"),
    "releases_partyaction": PublicTable(
        "party_id kind action_on effective_on statement release_id public_from source source_url"
    ),
    "releases_redirect": PublicTable("address_id release_id target valid_from"),
    "releases_relation": PublicTable("agreement_id kind other_id"),
    "releases_release": PublicTable("section_id form translation_group pinned_until", HAS_APPROVED % "id"),
    "releases_section": PublicTable("folder title parent_id kind"),
    "releases_signatory": PublicTable("agreement_id party_id person office"),
    "releases_sitefile": PublicTable("address_id blob_id live_from live_until"),
    "releases_synonym": PublicTable("words"),
}
"""What readers see any of. Every other table is the newsroom's own: drafts, people, the ledger, sources."""

WORDS = {"releases_edition_words": PublicTable("title lead words")}
"""Of the index of words. On SQLite it is a virtual table, which can have no triggers; see `raise_version`."""

PRIVATE_COLUMNS = {
    "releases_absence": "begun_by_id ended_by_id",
    "releases_address": "source_path",
    "releases_blob": "stored_at text scan_finding",
    "releases_edition": "author_id approver_id release_date_is_set release_date_is_confirmed wanted_from embargo embargo_is_confirmed rejection urgent_reason lock_version created_at updated_at"
    " kind_rule lead_rule issuers_rule digest_version",
    "releases_redirect": "agency_id origin",
    "releases_release": "assignee_id created_at opened original_digest original_id",
}
"""The other columns of those tables, which no reader sees."""

PRIVATE_TABLES = (
    "announcement autosave boilerplate clearance commentreading contentversion delegation editioncontributor hostturn ledgerentry linkreading mail"
    " mailpreference membership notice outsidelink pastissuer presence"
    " previewlink previewvisit proposal remark secondfactorreset session signincount sitepage source suggestion superusergrant upload worker"
).split()
"""All others, without `releases_`: a change of them alone shows on no page of the readers."""


def can_install(connection: BaseDatabaseWrapper) -> bool:
    """Whether every table and column that the triggers speak of is there; not all are, in a database migrated
    back."""
    tables = _tables(connection.vendor)
    with connection.cursor() as cursor:
        if not {TABLE, *tables} <= set(connection.introspection.table_names(cursor)):
            return False
        return all(
            set(public.columns.split())
            <= {column.name for column in connection.introspection.get_table_description(cursor, table)}
            for table, public in tables.items()
        )


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the row and its triggers in place in the database of `connection`, with a new version."""
    uninstall(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTIONS)
            for table in _tables(connection.vendor):
                cursor.execute(EMPTIED_TRIGGER.format(table=table))
        for trigger in _triggers(connection.vendor):
            for statement in write_trigger(trigger, connection.vendor):
                cursor.execute(statement)
        cursor.execute(f"INSERT INTO {TABLE} (id, version) VALUES (1, {_drawn(connection.vendor)})")


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers out, for migrations; and the row, so that nobody trusts it meanwhile."""
    vendor = connection.vendor
    with connection.cursor() as cursor:
        if TABLE in connection.introspection.table_names(cursor):
            cursor.execute(f"DELETE FROM {TABLE}")
        names = [(trigger.name, trigger.table) for trigger in _triggers(vendor)]
        names += [(EMPTIED, table) for table in _tables(vendor) if vendor == "postgresql"]
        for name, table in names:
            cursor.execute(drop_trigger(name, table, vendor))


def raise_version(connection: BaseDatabaseWrapper) -> None:
    """For SQLite's index of words. On PostgreSQL a trigger does it, so late that no writer waits for
    another."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(_raised("sqlite"))


def _tables(vendor: str) -> dict[str, PublicTable]:
    return PUBLIC if vendor == "sqlite" else PUBLIC | WORDS


def _triggers(vendor: str) -> Iterator[Trigger]:
    differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    for table, public in _tables(vendor).items():
        columns = public.columns.split()
        new, old = (f"({public.is_public.format(row=row)})" for row in ("NEW", "OLD"))
        changed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in columns)
        of_columns = f"UPDATE OF {', '.join(columns)}"
        name = f"{table.removeprefix('releases_')}_{{}}_raises_version"
        yield _raise_after(name.format("insert"), table, "INSERT", new, vendor)
        yield _raise_after(
            name.format("update"), table, of_columns, f"({changed}) AND ({new} OR {old})", vendor
        )
        yield _raise_after(name.format("delete"), table, "DELETE", old, vendor)


def _raise_after(name: str, table: str, event: str, condition: str, vendor: str) -> Trigger:
    """On PostgreSQL deferred, so that the one row that all writers share is locked at the end of a transaction
    only."""
    if vendor == "sqlite":
        return Trigger(name, table, f"AFTER {event}", condition, (_raised(vendor),))
    return Trigger(
        name,
        table,
        f"AFTER {event}",
        condition,
        ("PERFORM pressroom_raise_version()",),
        unless="pressroom_has_raised_version()",
        is_deferred=True,
    )


def _drawn(vendor: str) -> str:
    return "lower(hex(randomblob(16)))" if vendor == "sqlite" else "replace(gen_random_uuid()::text, '-', '')"


def _raised(vendor: str) -> str:
    return f"UPDATE {TABLE} SET version = {_drawn(vendor)} WHERE id = 1"


# One transaction raises it once, however many rows it wrote, and asks nothing of the others; the setting ends
# with the transaction, and with a savepoint that is rolled back.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION pressroom_has_raised_version() RETURNS boolean LANGUAGE sql AS $$
  SELECT COALESCE(current_setting('pressroom.raised_in', true), '') = txid_current()::text
$$;
CREATE OR REPLACE FUNCTION pressroom_raise_version() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  {_raised("postgresql")};
  PERFORM set_config('pressroom.raised_in', txid_current()::text, true);
END $$;
CREATE OR REPLACE FUNCTION pressroom_raise_version_of_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pressroom_has_raised_version() THEN PERFORM pressroom_raise_version(); END IF;
  RETURN NULL;
END $$"""
