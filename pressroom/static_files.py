import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
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


class RefusePages:
    """A WSGI application that says what is wrong on every page and lets only the health checks through."""

    def __init__(self, application: Callable[..., Iterable[bytes]], problem: str) -> None:
        self._application = application
        self._words = f"This site is being set up. For whoever runs it: {problem}, then restart the server.\n"

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] in ("/healthz", "/readyz"):
            return self._application(environ, start_response)
        start_response(
            "503 Service Unavailable", [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "60")]
        )
        return [self._words.encode()]


def find_static_problem() -> str:
    """Why pages could not name their stylesheets and scripts, and what to do; "" where they can."""
    collected = getattr(staticfiles_storage, "hashed_files", None)
    if collected is None:
        return ""
    names = {name.replace("\\", "/") for finder in get_finders() for name, _ in finder.list([])}
    if names <= set(collected):
        return ""
    what = "are not all those of this version" if collected else f"are missing from {settings.STATIC_ROOT}"
    return f"The stylesheets and scripts {what}. Run manage.py collectstatic --noinput"


def _read(storage: Storage, path: str) -> str:
    with storage.open(path) as file:
        return file.read().decode()
