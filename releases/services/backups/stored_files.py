"""Files of a newsroom in a folder of backups: each once, under the SHA-256 of its bytes, whatever set names
it."""

import errno
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from releases.content.files.digests import digest_file
from releases.models import Blob
from releases.services.backups.manifest import BackupError
from releases.services.editions.progress import Progress
from releases.services.files.storage import place_bytes

LIST = "files.txt"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
"""What is wrong with the disk that is written to, not with a file that is read."""
PATH = re.compile(r"(blobs|thumbnails|pictures)/[0-9a-f]{2}/[0-9a-f]{64}(\.\d{1,4})?(\.webp)?")
CHUNK = 1 << 20


@dataclass(frozen=True)
class MediaFile:
    """A file below MEDIA_ROOT: its `path` there, its bytes' SHA-256 and how many they are."""

    sha256: str
    size: int
    path: str

    def place_in(self, folder: Path) -> Path:
        """Where a folder of backups has its bytes."""
        return folder / "files" / self.sha256[:2] / self.sha256


def paths_of_blobs() -> list[tuple[Path, str]]:
    """Every file that the database names, with the SHA-256 that it must have; "" for a thumbnail or a copy of
    a picture, which have no digest of their own."""
    paths = []
    for blob in (
        Blob.objects.only("sha256", "thumbnail_width", "copy_widths").order_by("pk").iterator(chunk_size=500)
    ):
        paths.append((blob.file, blob.sha256))
        if blob.thumbnail_width:
            paths.append((blob.thumbnail, ""))
        paths += [(blob.copy(int(width)), "") for width in blob.copy_widths.split()]
    return paths


def copy_files(
    paths: Collection[tuple[Path, str]], folder: Path, progress: Progress, left_out: list[str]
) -> Iterator[MediaFile]:
    """Copy those that `folder` does not have yet; a sentence in `left_out` for each that can't be copied
    whole."""
    for path, sha256 in progress(paths, "Files"):
        try:
            yield _copy_file(path, sha256, folder)
        except BackupError as error:
            left_out.append(f"{path} {error}.")
        except OSError as error:
            if error.errno in FULL:
                raise
            left_out.append(f"{path} can't be read: {error.strerror}.")


def write_list(files: Iterable[MediaFile], folder: Path) -> int:
    """A line for each file, in the set `folder`; returns how many."""
    lines = [f"{one.sha256} {one.size} {one.path}\n" for one in files]
    (folder / LIST).write_text("".join(lines), "utf-8")
    return len(lines)


def read_list(folder: Path) -> list[MediaFile]:
    """The files of the set `folder`. Raises BackupError."""
    try:
        rows = [line.split(" ") for line in (folder / LIST).read_text("utf-8").splitlines()]
        files = [MediaFile(sha256, int(size), path) for sha256, size, path in rows]
        if odd := next((one.path for one in files if not PATH.fullmatch(one.path)), None):
            raise ValueError(f"{odd!r} is no file of a newsroom")
        return files
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder / LIST} can't be read: {error}. Take another set.") from error


def restore_file(file: MediaFile, folder: Path) -> None:
    """Put `file` back below MEDIA_ROOT, unless it is there already. Raises BackupError where the backup's
    bytes are gone or others; OSError."""
    target = settings.MEDIA_ROOT / file.path
    if not target.is_file() or digest_file(target) != file.sha256:
        write_copy(file.place_in(folder), target, file.sha256)


def write_copy(source: Path, target: Path, sha256: str) -> None:
    """Copy `source` whole or not at all. Raises BackupError where its bytes have another digest; OSError."""

    def write(copy: BinaryIO) -> None:
        digest = hashlib.sha256()
        with source.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                copy.write(chunk)
        if digest.hexdigest() != sha256:
            raise BackupError("has other bytes than were stored")

    place_bytes(target, write)


def check_copy(file: MediaFile, folder: Path) -> str:
    """What is wrong with the bytes of `file` in the backup, or ""."""
    try:
        return "" if digest_file(file.place_in(folder)) == file.sha256 else "has other bytes than were stored"
    except OSError as error:
        return str(error.strerror)


def _copy_file(path: Path, sha256: str, folder: Path) -> MediaFile:
    sha256 = sha256 or digest_file(path)
    kept = MediaFile(sha256, path.stat().st_size, path.relative_to(settings.MEDIA_ROOT).as_posix())
    place = kept.place_in(folder)
    if not place.is_file() or place.stat().st_size != kept.size:
        write_copy(path, place, sha256)
    return kept
