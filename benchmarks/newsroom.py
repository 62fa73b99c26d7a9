# ruff: noqa: PLC0415 (Django is imported once its settings are known)
"""The newsroom that the other benchmarks ask: made in the folder that the environment names, and told to
peers."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def make_folder() -> Iterator[Path]:
    """A folder for a newsroom, which the environment then names; nginx may read in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        os.environ |= {"DATA_DIR": f"{folder}/data", "MEDIA_ROOT": f"{folder}/media"}
        for part in ("data", "media"):
            (folder / part).mkdir()
        yield folder


@contextmanager
def set_up_django() -> Iterator[Path]:
    """Django in a folder of its own, with its static files in place."""
    with make_folder() as folder:
        os.environ |= {"DEBUG": "false", "DJANGO_SETTINGS_MODULE": "pressroom.settings", "LOG_LEVEL": "ERROR"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("collectstatic", verbosity=0, interactive=False)
        yield folder


def report_problems(found: Sequence[str]) -> NoReturn:
    """Print their number and the first of them; exit with 1 where there are any."""
    print(f"  problems: {len(found)}")
    for sentence in found[:20]:
        print(f"  {sentence}")
    sys.exit(bool(found))


def fill(site: str | None, releases: int) -> None:
    """Import the old site in the folder `site`, else make a sample of so many releases."""
    for words in (
        ["migrate", "--verbosity", "0"],
        ["collectstatic", "--noinput", "--verbosity", "0"],
        ["import_posts", site] if site else ["make_sample", "--releases", str(releases)],
    ):
        subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def list_pages() -> dict[str, str]:
    """An address of each kind of page, by what the newsroom has most of."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressroom.settings")
    import django

    django.setup()
    from django.db.models import Count
    from django.utils import timezone

    from releases.models import Address, Agency, Agreement, Edition

    now = timezone.now()
    listed = Edition.objects.listed(now)
    release = (
        listed.annotate(annex_count=Count("annexes"))
        .order_by("-annex_count", "pk")
        .select_related("address")[0]
    )
    agency = Agency.objects.annotate(number=Count("issued")).order_by("-number")[0].slug
    section = (
        Address.objects.filter(kind="section").annotate(number=Count("section__releases")).order_by("-number")
    )
    agreement = Agreement.objects.public(now).first()
    annex = Address.objects.filter(annexes__edition=release.pk).first()
    words = sorted(listed.values_list("title", flat=True)[0].split(), key=len)
    pages = {
        "release": release.address.path,
        "home": "/",
        "section": section[0].path,
        "list": "/releases/",
        "agency and year": f"/releases/?agency={agency}&year={release.release_date.year}",
        "common word": "/releases/?q=the",
        "rare word": f"/releases/?q={words[-1].lower()}",
        "phrase": f"/releases/?q=%22{words[-1].lower()}%22",
        "nonsense": "/releases/?q=qwzxv",
        "agency": f"/agencies/{agency}/",
        "agencies": "/agencies/",
        "agreements": "/agreements/",
        "archive": "/archive/",
        "feed": "/releases/feed.atom",
        "sitemap": "/sitemap.xml",
        "api": "/api/releases",
    }
    if agreement:
        pages["dossier"] = f"/agreements/{agreement.slug}/"
    if annex:
        pages["annex"] = annex.path
    return pages


def dump_releases(first: str) -> Iterator[str]:
    """Every listed release as a line of JSON, that at the address `first` before all others."""
    from django.db.models import Case, Value, When
    from django.utils import timezone

    from releases.models import Edition

    listed = Edition.objects.listed(timezone.now()).select_related("address", "release__section__address")
    order = Case(When(address__path=first, then=Value(0)), default=Value(1))
    rows = listed.prefetch_related("issuers__agency", "annexes__address", "annexes__blob", "agreements")
    for edition in rows.order_by(order, "pk").iterator(chunk_size=200):
        yield json.dumps(
            {
                "title": edition.title,
                "date": str(edition.release_date),
                "summary": edition.summary,
                "body": edition.body_html,
                "section": edition.release.section.address.path,
                "issuers": [{"agency": one.agency.slug, "name": one.name} for one in edition.issuers.all()],
                "annexes": [
                    {
                        "label": annex.label,
                        "title": annex.title,
                        "path": annex.address.path,
                        "media_type": annex.blob.media_type,
                        "size": annex.blob.size,
                    }
                    for annex in edition.annexes.all()
                ],
                "agreements": [{"slug": one.slug, "title": one.title} for one in edition.agreements.all()],
            }
        )
