"""Making a backup: a set for each time, with the database of one instant, beside the files of all sets."""

import datetime as dt
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from releases.content.files.digests import digest_file
from releases.services.backups.databases import copy_database, hold_snapshot
from releases.services.backups.manifest import BackupError, Manifest, describe_newsroom, read_manifest
from releases.services.backups.stored_files import (
    check_copy,
    copy_files,
    paths_of_blobs,
    read_list,
    write_list,
)
from releases.services.editions.progress import Progress

DATABASE = "database"
UNFINISHED = "unfinished"


@dataclass(frozen=True)
class Backup:
    """A set that was made: where it lies, and what it says of itself."""

    folder: Path
    manifest: Manifest


def make_backup(folder: Path, *, at: dt.datetime, progress: Progress, keep: int = 0) -> Backup:
    """Add a set named after the instant `at` to `folder`, while people go on to work; `keep` > 0: that many
    sets stay, the newest, and files that none of them names are deleted.

    The set appears when it is whole. Raises BackupError where another backup is being made there, OSError,
    DatabaseError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _hold_lock(folder):
        made = folder / "sets" / at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
        if made.exists():
            raise BackupError(f"{made} is there already. Try again in a second.")
        draft = folder / UNFINISHED
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        with hold_snapshot() as snapshot:
            manifest = describe_newsroom(at)
            copy_database(draft / DATABASE, snapshot)
            paths = paths_of_blobs()
        manifest.database_sha256 = digest_database(draft)
        manifest.files = write_list(copy_files(paths, folder, progress, manifest.left_out), draft)
        manifest.save(draft)
        made.parent.mkdir(exist_ok=True)
        _write_through(draft)
        draft.rename(made)
        if keep:
            _forget_sets(folder, list_sets(folder)[:-keep])
    return Backup(made, manifest)


def list_sets(folder: Path) -> list[Path]:
    """The sets in `folder`, the oldest first. Raises BackupError where there is none."""
    found = sorted(path for path in (folder / "sets").glob("*Z") if path.is_dir())
    if not found:
        raise BackupError(f"{folder} holds no backup: there is nothing in {folder / 'sets'}.")
    return found


def find_damage(folder: Path, progress: Progress) -> Iterator[str]:
    """Read all sets and files in `folder`; one sentence for each that is not as it was written. Raises
    BackupError where there is no set."""
    files = set()
    for one in list_sets(folder):
        try:
            if digest_database(one) != read_manifest(one).database_sha256:
                yield f"{one / DATABASE} has other bytes than were written."
            files.update(read_list(one))
        except BackupError as error:
            yield str(error)
        except OSError as error:
            yield f"{error.filename} can't be read: {error.strerror}."
    for file in progress(sorted(files, key=lambda file: file.sha256), "Files"):
        if problem := check_copy(file, folder):
            yield f"{file.place_in(folder)}: {problem}."


def digest_database(folder: Path) -> str:
    """SHA-256 of the database's copy in the set `folder`. Raises OSError."""
    return digest_file(folder / DATABASE)


def _write_through(folder: Path) -> None:
    """Wait until the disk has the files of `folder` and their names."""
    for path in [*folder.iterdir(), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _forget_sets(folder: Path, sets: list[Path]) -> None:
    """Delete `sets`, and each file that only they name."""
    for one in sets:
        shutil.rmtree(one)
    kept = {file.sha256 for one in list_sets(folder) for file in read_list(one)}
    for path in (folder / "files").glob("*/*"):
        if path.name not in kept:
            path.unlink()


@contextmanager
def _hold_lock(folder: Path) -> Iterator[None]:
    """While it is held no other backup is made in `folder`; a killed one leaves none."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(f"Another backup into {folder} is under way. Wait for it.") from error
        yield
