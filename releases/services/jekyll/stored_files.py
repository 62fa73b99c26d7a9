"""The files of a site as they come into the store: each with its bytes and its address once a run."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from releases.content.files.digests import digest_file
from releases.content.files.media_types import UNKNOWN
from releases.content.text import permalinks
from releases.models import Address, Blob
from releases.services.files.storage import lost_blobs, store_file
from releases.services.jekyll.mapper import DraftFile
from releases.services.jekyll.site import Site


class StoredFile(NamedTuple):
    """`blob` is the SHA-256 of the bytes of a file."""

    address: Address
    blob: str


class StoredFiles:
    """Blobs and addresses of the files of a site, and in `lost` the digests of bytes that the store has
    lost.

    A file is named by its path below the root. In a dry run nothing is written.
    """

    def __init__(self, site: Site, *, dry_run: bool) -> None:
        self.place_file, self.locate, self.dry_run = site.place_file, site.settings.locate_file, dry_run
        self.lost = lost_blobs()
        self.unknown = set(Blob.objects.filter(media_type=UNKNOWN).values_list("pk", flat=True))
        self._blobs: dict[str, Blob] = {}
        self._digests: dict[str, str] = {}
        self._addresses = {
            address.path: address for address in Address.objects.filter(kind=Address.Kind.FILE)
        }

    def digest_file(self, file: str) -> str:
        """The SHA-256 of a file as it lies in the site, in hexadecimal, without storing it. Raises
        OSError."""
        if file not in self._digests:
            self._digests[file] = digest_file(self.place_file(file))
        return self._digests[file]

    def restore_lost(self, files: Iterable[str]) -> Iterator[str]:
        """Bring back the bytes that the store has lost of these files, and yield their public paths. Raises
        OSError.

        The worker reads them again, since it may have found none.
        """
        for file in files if self.lost else ():
            if (sha256 := self.digest_file(file)) in self.lost:
                self.lost.remove(sha256)
                if not self.dry_run:
                    Blob.objects.filter(pk=self.store_blob(file).pk).update(inspected_at=None)
                yield self.locate(file)

    def recognise(self, files: Iterable[str]) -> None:
        """Give those of these files that no earlier version knew the type that they have. Raises OSError."""
        for file in files if self.unknown and not self.dry_run else ():
            if self.digest_file(file) in self.unknown:
                self.store_blob(file)

    def get_address(self, file: str) -> Address:
        """The address of a file, made where nobody has its path.

        Raises ValueError where something else has it.
        """
        path = self.locate(file)
        if path not in self._addresses:
            lay = "" if path == f"/{file}" else file
            values = {
                "path": permalinks.normalise_path(path, is_old=True),
                "kind": Address.Kind.FILE,
                "source_path": lay,
            }
            address, _ = Address.objects.get_or_create(
                path_digest=permalinks.digest_path(values["path"]), defaults=values
            )
            if address.kind != Address.Kind.FILE:
                raise ValueError(self.why_no_address(file))
            self._addresses[path] = address
        return self._addresses[path]

    def why_no_address(self, file: str) -> str:
        """Why a file can't have the address that it had; "" when it can."""
        path = self.locate(file)
        if path in self._addresses:
            return ""
        try:
            taken = Address.objects.at(permalinks.normalise_path(path, is_old=True)).first()
        except permalinks.PermalinkError as error:
            return str(error)
        if taken is None or taken.kind == Address.Kind.FILE:
            return ""
        return f"The address {path} of a file is also that of a {taken.get_kind_display().lower()}."

    def store(self, file: str) -> StoredFile:
        """A file of a post with its address. Raises OSError, and ValueError as `get_address`."""
        return StoredFile(self.get_address(file), self.store_blob(file).pk)

    def store_blob(self, file: str) -> Blob:
        """The blob of a file, copied into the store where it is new there. Raises OSError."""
        if file not in self._blobs:
            self._blobs[file] = store_file(self.place_file(file))
        return self._blobs[file]

    def forget(self, files: Iterable[DraftFile]) -> None:
        """After a rollback: what the transaction created is not there."""
        for file in files:
            self._addresses.pop(file.path, None)
            self._blobs.pop(file.file, None)
