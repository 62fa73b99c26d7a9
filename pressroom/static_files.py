import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT = re.compile(r'^@import "([\w./-]+)";\n', re.MULTILINE)


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Names with a hash, in the imports of modules too; a stylesheet comes with what it imports, as one
    request.

    What a stylesheet imports lies beside it and imports nothing itself.
    """

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        if not dry_run:
            for name in [name for name in paths if name.startswith("releases/") and name.endswith(".css")]:
                self._include_imports(name, paths)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _include_imports(self, name: str, paths: dict[str, tuple[Storage, str]]) -> None:
        """Puts the imported rules into the collected copy of `name`, which then stands for the source in
        `paths`."""
        folder = name.rpartition("/")[0]
        sheet = _IMPORT.sub(lambda found: _read(*paths[f"{folder}/{found[1]}"]), _read(*paths[name]))
        self.delete(name)
        self._save(name, ContentFile(sheet.encode()))
        paths[name] = (self, name)


def _read(storage: Storage, path: str) -> str:
    with storage.open(path) as file:
        return file.read().decode()
