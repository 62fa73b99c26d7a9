"""What somebody at the desk is told when the disk or the database fails: in their words, with all they typed,
and a button that sends it again."""

import errno
import sys

from django.db import InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from releases.templatetags.desk_tags import submitted_values

FULL = "The server's disk is full."
READ_ONLY = "The server can't write to its disk just now."
AWAY = "The database can't be reached just now."
UNKNOWN = "Something went wrong, and the fault has been recorded."
OF_THE_DISK = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.EIO: READ_ONLY,
}
OF_THE_DATABASE = {
    "disk is full": FULL,
    "No space left": FULL,
    "readonly database": READ_ONLY,
    "read-only": READ_ONLY,
    "disk I/O error": READ_ONLY,
}
"""Parts of what SQLite and PostgreSQL say."""


def server_error(request: HttpRequest) -> HttpResponse:
    """Answers what failed at the desk, in JSON where it was the API, without the database: 503 for a failure of
    the disk or the database, else 500."""
    words = describe_failure(sys.exception())
    status = 500 if words == UNKNOWN else 503
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": words}, status=status)
    context = {
        "request": request,
        "words": words,
        "reference": getattr(request, "request_id", ""),
        "typed": submitted_values(request.POST),
        "address": request.get_full_path(),
        "fields": [(name, value) for name, values in request.POST.lists() for value in values],
        "has_secrets": any("password" in name for name in request.POST),
        "files": [file.name for _, files in request.FILES.lists() for file in files],
    }
    return HttpResponse(render_to_string("admin/failure.html", context), status=status)


def describe_failure(error: BaseException | None) -> str:
    """A sentence about what failed, for somebody who only wants to go on."""
    if isinstance(error, OSError):
        return OF_THE_DISK.get(error.errno or 0, UNKNOWN)
    if isinstance(error, OperationalError | InternalError):  # the latter where PostgreSQL is read-only
        said = str(error)
        other = AWAY if isinstance(error, OperationalError) else UNKNOWN
        return next((words for part, words in OF_THE_DATABASE.items() if part in said), other)
    return UNKNOWN
