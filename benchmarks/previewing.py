# ruff: noqa: PLC0415 (Django is imported once its settings are known)
"""Whether the preview beside the editor is the page: its HTML against that of the published body, for every
release.

    python benchmarks/previewing.py SITE

SITE is the root of a Jekyll or Isomer site. It is imported into a database of its own; then a writer's
preview of every stored text is asked for over HTTP, and the page of its release. Exits with 1 where one
differs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
OPENING = '<div class="release-body">\n'


def body_of(page: str) -> str | None:
    """What stands in the one element of the body, to the end that belongs to its beginning."""
    rest = page.partition(OPENING)[2]
    depth, at = 1, 0
    while depth:
        opening, closing = rest.find("<div", at), rest.find("</div", at)
        if closing < 0:
            return None
        deeper = 0 <= opening < closing
        depth += 1 if deeper else -1
        at = (opening if deeper else closing) + 4
    return rest[:closing]


def compare(public: Any, desk: Any, editions: Iterable[Any]) -> Iterator[tuple[str, str, str | None]]:
    """(permalink, preview, body) of those that differ."""
    from django.urls import reverse

    preview = reverse("markdownx_markdownify")
    for edition in editions:
        page = public.get(edition.permalink, HTTP_ACCEPT="text/html").content.decode()
        url = f"{preview}?language={edition.language}"
        shown = desk.post(url, {"content": edition.body}).content.decode()
        if (body_of(page) or "").strip() != shown.strip():
            yield edition.permalink, shown, body_of(page)


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("site")
    site = reader.parse_args().site
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DATA_DIR": folder,
            "MEDIA_ROOT": f"{folder}/media",
            "DEBUG": "false",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "pressroom.settings",
            "DATABASE_URL": f"sqlite:///{folder}/previewing.sqlite3",
        }
        import django

        django.setup()
        from django.contrib.auth.models import User
        from django.core.management import call_command
        from django.test import Client
        from django.utils import timezone

        from releases.models import Edition

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        subprocess.run(
            [sys.executable, ROOT / "manage.py", "import_posts", site], check=True, stdout=sys.stderr
        )
        public, desk = Client(headers={"host": "127.0.0.1"}), Client(headers={"host": "127.0.0.1"})
        desk.force_login(User.objects.create_superuser("editor"))
        live = Edition.objects.live(timezone.now()).select_related("address")
        editions = live.exclude(body="").filter(release__form="text")
        differing = list(compare(public, desk, editions))
        for permalink, shown, body in differing[:5]:
            print(f"{permalink}\n  preview {shown[:300]!r}\n  page    {(body or '')[:300]!r}")
        print(f"{editions.count()} texts: {len(differing)} previews differ from the page.")
        sys.exit(bool(differing))


if __name__ == "__main__":
    main()
