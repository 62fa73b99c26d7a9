"""Small sites of our own, written into a folder for a test."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.management import call_command

from releases.services.jekyll.importer import import_site

AT = dt.datetime(2026, 1, 5, 9, tzinfo=ZoneInfo("Asia/Singapore"))
PDF = b"%PDF-1.4 some annex"
CONFIG = """\
title: Ministry of Law
url: https://www.news.example
permalink: none
timezone: Asia/Singapore
collections: {cos: {output: true}}
"""


class SiteFolder:
    def __init__(self, root: Path):
        self.root = root
        self.write("_config.yml", CONFIG)

    def write(self, path, content):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def post(self, name="2024-03-01-a.md", body="Body.\n", category="news/press-releases", **front):
        front = {"title": "A title", "permalink": f"/{category}/{name[11:-3]}/", **front}
        head = "".join(f"{key}: {value}\n" for key, value in front.items() if value is not None)
        return self.write(f"{category}/_posts/{name}", f"---\n{head}---\n{body}")

    def load(self, *, at=AT, dry_run=False, source="", **options):
        return import_site(
            self.root / source, at=at, dry_run=dry_run, progress=lambda rows, title: rows, **options
        )


def load_agencies():
    call_command("loaddata", "agencies", verbosity=0)
