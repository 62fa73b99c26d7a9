import tempfile
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse


def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and the disks take a byte; else 503 with what does not."""
    folders = [settings.MEDIA_ROOT]
    database = Path(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and database.is_file():
        folders.append(database.parent)
    checks = {"database": _database(), "store": all(_takes_a_byte(folder) for folder in folders)}
    good = all(checks.values())
    return JsonResponse({"status": "ok" if good else "unavailable", **checks}, status=200 if good else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


def _takes_a_byte(folder: Path) -> bool:
    """Whether a file can be written into `folder`; it is gone at once."""
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            return bool(file.write(b"1"))
    except OSError:
        return False
