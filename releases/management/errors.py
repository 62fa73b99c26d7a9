"""What an operator reads when the disk or the database fails a command: one line that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError, ProgrammingError


@contextmanager
def report_errors(what: str, advice: str = "") -> Iterator[None]:
    """Turn the errors of disk and database into CommandErrors that begin with `what` ("The import")
    stopped."""
    try:
        yield
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        raise CommandError(
            " ".join(filter(None, [f"{what} stopped: {error.strerror}{place}.", advice]))
        ) from error
    except DatabaseError as error:
        raise CommandError(" ".join(filter(None, [f"{what} stopped: {_reason(error)}", advice]))) from error


def _reason(error: Exception) -> str:
    said = " ".join(str(error).split()).rstrip(".")
    if isinstance(error, OperationalError | ProgrammingError) and (
        "no such table" in said or "does not exist" in said
    ):
        return f"the database is not set up; run manage.py migrate first ({said})."
    if isinstance(error, OperationalError) and "connection" in said:
        return f"the database can't be reached: {said}."
    return f"the database says: {said}."
