# ruff: noqa: E402 (Django is set up before its models are imported)
"""What every public release of this newsroom weighs as a page, gzipped, and each thumbnail; exits with 1
above the bars.

    python benchmarks/weight.py

On the database of the environment. Bars: half of one initial TCP window for the stylesheet (6 kB), 20 kB for
95 pages in 100, 50 kB for any page, 12 kB for a thumbnail.
"""

import gzip
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressroom.settings")

import django

django.setup()

from django.test import Client
from django.utils import timezone
from tqdm import tqdm

from releases.content.text.permalinks import quote_path
from releases.models import Blob, Edition

SHEETS = [ROOT / "releases" / "static" / "releases" / name for name in ("tokens.css", "site.css")]


def main() -> bool:
    paths = Edition.objects.live(timezone.now()).values_list("address__path", flat=True)
    pages = sorted(weigh(Client(), path) for path in tqdm(list(paths), desc="Weighing", disable=None))
    pictures = [blob.thumbnail.stat().st_size for blob in Blob.objects.exclude(thumbnail_width=None)]
    usual = pages[int(len(pages) * 0.95)] if pages else 0
    figures = [
        ("stylesheet", len(gzip.compress(b"".join(sheet.read_bytes() for sheet in SHEETS), 9)), 6_000),
        ("page, 95 in 100", usual, 20_000),
        ("heaviest page", max(pages, default=0), 50_000),
        ("heaviest thumbnail", max(pictures, default=0), 12_000),
    ]
    sys.stdout.write(f"{len(pages)} pages, {len(pictures)} thumbnails\n")
    for name, weight, bar in figures:
        sys.stdout.write(f"{name}: {weight:,} bytes (bar {bar:,})\n")
    return any(weight > bar for _, weight, bar in figures)


def weigh(client: Client, path: str) -> int:
    response = client.get(quote_path(path), headers={"host": "127.0.0.1"})
    if response.status_code != 200:
        raise SystemExit(f"{path} answers {response.status_code}")
    return len(gzip.compress(response.content, 9))


if __name__ == "__main__":
    sys.exit(main())
