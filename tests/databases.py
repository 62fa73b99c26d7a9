"""A test database that real transactions wrote to, as it was before: cheaper than Django's flush, after every
such test."""

import sqlite3
from contextlib import closing


def drop_tables(connection):
    """Leave a database as it was before its first migration."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(":memory:")) as nothing:
            nothing.backup(connection.connection)
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")


class Emptied:
    """What the database held after its migrations; `restore` takes away what tests put beside it, and keeps
    the rules."""

    def __init__(self, connection):
        connection.ensure_connection()
        self.connection = connection
        if connection.vendor == "sqlite":
            self.copy = sqlite3.connect(":memory:")
            connection.connection.backup(self.copy)
        else:
            self.kept = set(self._filled(connection.introspection.table_names()))

    def restore(self):
        self.connection.ensure_connection()
        if self.connection.vendor == "sqlite":
            self.copy.backup(self.connection.connection)
            return
        written = self._filled(set(self.connection.introspection.table_names()) - self.kept)
        with self.connection.cursor() as cursor:
            cursor.execute("ALTER TABLE releases_ledgerentry DISABLE TRIGGER USER")
            if written:
                cursor.execute(f"TRUNCATE {', '.join(written)} CASCADE")
            cursor.execute("ALTER TABLE releases_ledgerentry ENABLE TRIGGER USER")

    def _filled(self, tables):
        """Those of the tables that have a row."""
        asked = " UNION ALL ".join(
            f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM {one})" for one in sorted(tables)
        )
        with self.connection.cursor() as cursor:
            cursor.execute(asked)
            return [table for (table,) in cursor.fetchall()]
