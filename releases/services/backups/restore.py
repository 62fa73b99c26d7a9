"""Bringing a newsroom back from a backup into an empty place, and proving that it is the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from releases.models import LedgerEntry, Session
from releases.services.backups.backup import DATABASE, digest_database, list_sets
from releases.services.backups.databases import holds_rows, restore_database
from releases.services.backups.manifest import BackupError, Manifest, read_manifest
from releases.services.backups.stored_files import read_list, restore_file
from releases.services.editions.digests import digest_site
from releases.services.editions.progress import Progress
from releases.services.mail import outbox
from releases.services.publishing.verification import find_discrepancies


@dataclass
class Restoration:
    """What came back of which set, and a sentence for each thing that is not as it was."""

    folder: Path
    manifest: Manifest
    problems: list[str] = field(default_factory=list)


def restore_backup(folder: Path, *, name: str = "", progress: Progress) -> Restoration:
    """Bring the set `name` of `folder` back, the newest without a name; into a database without accounts,
    releases and ledger.

    Files come first, so a restore that was cut short can be begun again. Everybody has to sign in anew:
    who was shut out since the backup stays out. Raises BackupError before anything is written where the set
    is damaged, of another database engine or another version, or where the database is in use; OSError,
    DatabaseError.
    """
    one = _choose_set(folder, name)
    manifest = read_manifest(one)
    _refuse_mismatch(one, manifest)
    restored = Restoration(one, manifest)
    for file in progress(read_list(one), "Files"):
        try:
            restore_file(file, folder)
        except (BackupError, FileNotFoundError) as error:
            restored.problems.append(f"{file.place_in(folder)}: {getattr(error, 'strerror', None) or error}.")
    restore_database(one / DATABASE)
    Session.objects.all().delete()
    outbox.give_up_waiting(
        timezone.now(), "It waited when the backup was made, and may have been sent since."
    )
    restored.problems += _find_differences(manifest)
    return restored


def _choose_set(folder: Path, name: str) -> Path:
    sets = list_sets(folder)
    if not name:
        return sets[-1]
    found = [one for one in sets if one.name == name]
    if not found:
        raise BackupError(f"There is no set {name}. There are: {', '.join(one.name for one in sets)}.")
    return found[0]


def _refuse_mismatch(one: Path, manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise BackupError(
            f"{one.name} is a backup of {manifest.engine}, and DATABASE_URL names {connection.vendor}."
            " Set DATABASE_URL to an empty database of the same kind."
        )
    ours = dict(sorted(MigrationLoader(None).disk_migrations))  # the last of each app
    if differing := [app for app, last in manifest.migrations.items() if ours.get(app) != last]:
        app = "releases" if "releases" in differing else differing[0]
        raise BackupError(
            f"{one.name} was made by another version of Press Room: its last migration of {app} is"
            f" {manifest.migrations[app]}, here it is {ours.get(app, 'none')}. Install that version, restore,"
            " then update."
        )
    if holds_rows():
        raise BackupError(
            "This database is in use: it has accounts or releases. Nothing was changed. Restore into an empty"
            " one (another DATABASE_URL or DATA_DIR, and another MEDIA_ROOT)."
        )
    if digest_database(one) != manifest.database_sha256:
        raise BackupError(f"{one / DATABASE} has other bytes than were written. Take another set.")


def _find_differences(manifest: Manifest) -> Iterator[str]:
    yield from find_discrepancies(files=True)
    last = LedgerEntry.objects.order_by("-pk").first()
    if (last.digest if last else "") != manifest.ledger:
        yield "The ledger ends with another entry than at the time of the backup."
    if digest_site() != manifest.site_digest:
        yield "The content is not that of the time of the backup."
