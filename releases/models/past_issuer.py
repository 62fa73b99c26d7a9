"""Which agencies issued a draft at any time since it was begun, or what it is based on: written by triggers,
so that no way to save passes an agency over.

The triggers are put in place after every `migrate`, as those of `rules` are.
"""

from collections.abc import Iterator

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from releases.models.triggers import Trigger, drop_trigger, write_trigger

TABLE = "releases_pastissuer"


class PastIssuer(models.Model):
    """An agency that issued an unapproved edition at an earlier state of it, or issued what it is based on.

    It may issue the edition now as well. The rows go with the edition, by a trigger.
    """

    edition = models.ForeignKey("releases.Edition", models.DO_NOTHING, related_name="past_issuers")
    agency = models.ForeignKey("releases.Agency", models.PROTECT, related_name="+")
    led = models.BooleanField(default=False, help_text="Whether it was the lead at such a state.")
    imported = models.BooleanField(
        default=False,
        help_text="Whether only an import ever named it, and it cleared nothing of the release so far.",
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="one_past_issuer_an_agency", fields=["edition", "agency"]),
        ]

    def __str__(self) -> str:
        return f"{self.agency}, of {self.edition}"


def can_install(connection: BaseDatabaseWrapper) -> bool:
    """Whether the tables that the triggers speak of are there."""
    return {TABLE, "releases_clearance"} <= set(connection.introspection.table_names())


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place in the database of `connection`. Installing twice changes nothing."""
    uninstall(connection)
    with connection.cursor() as cursor:
        for trigger in _triggers(connection.vendor):
            for statement in write_trigger(trigger, connection.vendor):
                cursor.execute(statement)


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers out: for migrations, and for tests that empty the tables."""
    with connection.cursor() as cursor:
        for trigger in _triggers(connection.vendor):
            cursor.execute(drop_trigger(trigger.name, trigger.table, connection.vendor))


def _triggers(vendor: str) -> Iterator[Trigger]:
    differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    draft = "EXISTS (SELECT 1 FROM releases_edition e WHERE e.id = OLD.edition_id AND e.state <> 'approved')"
    moved = (
        "(NEW.agency_id <> OLD.agency_id OR NEW.position <> OLD.position OR NEW.edition_id <> OLD.edition_id)"
    )
    issuer, edition = "releases_issuer", "releases_edition"
    based = "NEW.based_on_id IS NOT NULL AND NEW.state <> 'approved'"
    rebased = (
        f"NEW.state <> 'approved' AND (OLD.state = 'approved' OR NEW.based_on_id {differs} OLD.based_on_id)"
    )
    unnamed = (
        f"UPDATE {TABLE} SET imported = FALSE WHERE edition_id = NEW.id AND agency_id NOT IN"
        " (SELECT i.agency_id FROM releases_issuer i WHERE i.edition_id = NEW.based_on_id)"
    )
    gone = f"DELETE FROM {TABLE} WHERE edition_id = OLD.id"
    yield Trigger("past_issuer_taken_out", issuer, "AFTER DELETE", draft, (_departed(),))
    yield Trigger("past_issuer_moved", issuer, "AFTER UPDATE", f"{draft} AND {moved}", (_departed(),))
    yield Trigger("past_issuer_begun", edition, "AFTER INSERT", based, (_of_base(),))
    yield Trigger("past_issuer_rebased", edition, "AFTER UPDATE", rebased, (unnamed, _of_base()))
    yield Trigger("past_issuer_discarded", edition, "AFTER DELETE", "1 = 1", (gone,))


def _departed() -> str:
    return (
        f"INSERT INTO {TABLE} (edition_id, agency_id, led, imported)"
        " VALUES (OLD.edition_id, OLD.agency_id, OLD.position = 1, FALSE)"
        f" ON CONFLICT (edition_id, agency_id) DO UPDATE SET led = {TABLE}.led OR excluded.led"
    )


def _of_base() -> str:
    """The issuers of what an edition is based on; an import named those that stood there since it wrote and
    approved them."""
    by_import = (
        f"(b.origin = 'import' AND b.approver_id IS NULL OR EXISTS (SELECT 1 FROM {TABLE} p"
        " WHERE p.edition_id = b.id AND p.agency_id = i.agency_id AND p.imported))"
    )
    cleared = (
        "EXISTS (SELECT 1 FROM releases_clearance c JOIN releases_edition e ON e.id = c.edition_id"
        " WHERE e.release_id = NEW.release_id AND c.agency_id = i.agency_id)"
    )
    return (
        f"INSERT INTO {TABLE} (edition_id, agency_id, led, imported)"
        f" SELECT NEW.id, i.agency_id, i.position = 1, {by_import} AND NOT {cleared}"
        " FROM releases_issuer i JOIN releases_edition b ON b.id = i.edition_id"
        " WHERE i.edition_id = NEW.based_on_id"
        " ON CONFLICT (edition_id, agency_id)"
        f" DO UPDATE SET led = {TABLE}.led OR excluded.led, imported = {TABLE}.imported AND excluded.imported"
    )
