"""Triggers, said once and written in the SQL of either database."""

from typing import NamedTuple


class Trigger(NamedTuple):
    """Before or after what (`event`) on `table`, for each row where `condition` holds, the SQL of `statements` runs.

    On PostgreSQL, `returns` is the row with which a BEFORE goes on, nothing is asked where `unless` holds, and one
    that `is_deferred` waits for the end of the transaction.
    """

    name: str
    table: str
    event: str
    condition: str
    statements: tuple[str, ...]
    returns: str = "NULL"
    unless: str = ""
    is_deferred: bool = False


def write_trigger(trigger: Trigger, vendor: str) -> list[str]:
    """The statements that put it in place in a database of the `vendor`, where it is not yet."""
    return _write_sqlite(trigger) if vendor == "sqlite" else _write_postgresql(trigger)


def drop_trigger(name: str, table: str, vendor: str) -> str:
    """The statement that takes it out, where it is."""
    of_table = f" ON {table}" if vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {name}{of_table}"


def _write_sqlite(trigger: Trigger) -> list[str]:
    return [
        f"CREATE TRIGGER {trigger.name} {trigger.event} ON {trigger.table} FOR EACH ROW"
        f" WHEN {trigger.condition} BEGIN {'; '.join(trigger.statements)}; END"
    ]


def _write_postgresql(trigger: Trigger) -> list[str]:
    unless = f"IF {trigger.unless} THEN RETURN NULL; END IF;" if trigger.unless else ""
    kind, wait = (" CONSTRAINT", " DEFERRABLE INITIALLY DEFERRED") if trigger.is_deferred else ("", "")
    function = f"""
    CREATE OR REPLACE FUNCTION pressroom_{trigger.name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      {unless}
      IF {trigger.condition} THEN {"; ".join(trigger.statements)}; END IF;
      RETURN {trigger.returns};
    END $$"""
    return [
        function,
        f"CREATE{kind} TRIGGER {trigger.name} {trigger.event} ON {trigger.table}{wait}"
        f" FOR EACH ROW EXECUTE FUNCTION pressroom_{trigger.name}()",
    ]
