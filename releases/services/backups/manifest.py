"""What a set of a backup says of itself, so that a restore can tell whether all of it came back."""

import datetime as dt
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from releases.models import Edition, LedgerEntry, Release
from releases.services.editions.digests import digest_site

NAME = "manifest.json"


class BackupError(Exception):
    """Why a backup or a restore can't go on, in a sentence for the operator."""


@dataclass
class Manifest:
    """`made_at` is an ISO instant in UTC; `engine` "sqlite" or "postgresql"; `migrations` the last one of
    each app; `database_sha256` that of the file of the database; `site_digest` and `ledger` (the digest of
    its last entry, empty without one) those of the newsroom at that instant; `settings` names without values.

    `left_out` has a sentence for each file that the database names and that could not be copied.
    """

    made_at: str
    engine: str
    migrations: dict[str, str]
    site_digest: str
    ledger: str
    releases: int
    editions: int
    settings: list[str]
    database_sha256: str = ""
    files: int = 0
    left_out: list[str] = field(default_factory=list)

    def save(self, folder: Path) -> None:
        (folder / NAME).write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", "utf-8")


def read_manifest(folder: Path) -> Manifest:
    """That of the set in `folder`. Raises BackupError where there is none that can be read."""
    try:
        return Manifest(**json.loads((folder / NAME).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{folder / NAME} can't be read: {error}. Take another set.") from error


def describe_newsroom(made_at: dt.datetime) -> Manifest:
    """The newsroom as this connection sees it: asked within the transaction that is copied."""
    last = LedgerEntry.objects.order_by("-pk").first()
    return Manifest(
        made_at=made_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        engine=connection.vendor,
        migrations=last_migrations(),
        site_digest=digest_site(),
        ledger=last.digest if last else "",
        releases=Release.objects.count(),
        editions=Edition.objects.count(),
        settings=sorted(set(settings.FROM_ENVIRONMENT) & set(os.environ)),
    )


def last_migrations() -> dict[str, str]:
    """The last migration of each app that this database has had."""
    return dict(sorted(MigrationRecorder(connection).applied_migrations()))
