# ruff: noqa: E402 (Django is set up before its models are imported)
"""The work that kill.py kills, and what is there afterwards. Run by kill.py only, each step in a process of
its own:

    killed.py prepare WHAT SITE    drafts to approve or to save, in a migrated newsroom
    killed.py work WHAT SITE       prints "ready", then works; kill.py kills it somewhere in between
    killed.py recover WHAT SITE    prints as JSON what is wrong after the kill, works again, prints as JSON what is there then

WHAT is import, approve, upload or migrate. All goes through commands and the desk's own pages, as for people.
"""

import datetime as dt
import hashlib
import io
import json
import os
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressroom.settings")
sys.argv[0] = "manage.py"  # a command: PostgreSQL without the pool of connections that a server keeps

import django

django.setup()

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from releases.models import Blob, Edition, LedgerEntry
from releases.services.editions.digests import digest_edition
from tests.admin.browsing import sent
from tests.factories import cleared, make_agency, make_edition, make_live, make_member, make_next, make_user

DRAFTS = 8
PACKAGE = "Together"
LARGE = 3_000_000  # bytes: more than Django keeps in memory
WHEN = dt.datetime(2090, 1, 1, 9, tzinfo=timezone.get_default_timezone())
SCHEMA = {
    "sqlite": ["SELECT type, name, tbl_name, sql FROM sqlite_master"],
    "postgresql": [
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    ],
}


def main(step: str, what: str, site: str) -> None:
    setup_test_environment()
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    if step == "prepare":
        PREPARE[what]()
    elif step == "work":
        print("ready", flush=True)
        WORK[what](site)
    else:
        print(json.dumps(list(problems(what))), flush=True)
        WORK[what](site)
        facts = FACTS[what](site)
        print(json.dumps({"problems": list(problems(what)), "facts": facts}))


def import_site(site: str) -> None:
    call_command("import_posts", site, stdout=io.StringIO())


def migrate(site: str) -> None:
    call_command("migrate", verbosity=0)


def prepare_approvals() -> None:
    """Drafts of new releases, drafts that succeed a live edition, and a package of both."""
    agency = make_agency()
    make_member(agency, role="approver", username="approver")
    for number in range(DRAFTS):
        title = f"{PACKAGE} {number}" if number % 2 else f"Alone {number}"
        files = [(f"/files/{number}.pdf", f"%PDF-1.4 {number}".encode(), "Annex A", "Figures")]
        cleared(
            make_edition(
                title=title, permalink=f"/news/{number}/", issuers=[agency], annexes=files, author=make_user()
            )
        )
        make_next(make_live(title="Before", permalink=f"/news/old-{number}/", issuers=[agency]), title=title)


def approve(site: str) -> None:
    """One after the other by the page of each, then those of the package at once."""
    client, when = signed_in("approver"), f"{timezone.localtime(WHEN):%Y-%m-%dT%H:%M}"
    drafts = Edition.objects.filter(state=Edition.State.DRAFT).order_by("pk")
    for edition in drafts.exclude(title__startswith=PACKAGE):
        place = reverse("admin:releases_edition_do", args=[edition.pk, "approve"])
        require_redirect(client.post(place, {"live_from": when}))
    package = list(drafts.filter(title__startswith=PACKAGE))
    if package:
        place = reverse("admin:releases_edition_together")
        seen = {f"seen-{edition.pk}": digest_edition(edition) for edition in package}
        keys = ",".join(str(edition.pk) for edition in package)
        require_redirect(client.post(f"{place}?editions={keys}", {"live_from": when, **seen}))


def wrong_approvals() -> Iterator[str]:
    """Editions that are neither wholly as before nor wholly approved, and a package that is parted."""
    scheduled = Edition.objects.exclude(title="Before").select_related("based_on", "release")
    for edition in scheduled:
        entries = LedgerEntry.objects.filter(
            release=edition.release_id, verb="approve", after=edition.digest
        ).count()
        ends = edition.based_on.live_until if edition.based_on else None
        found = (
            edition.state,
            bool(edition.digest),
            edition.live_from,
            edition.approver_id is not None,
            ends,
            entries,
        )
        before = (Edition.State.DRAFT, False, None, False, None, 0)
        after = (Edition.State.APPROVED, True, WHEN, True, WHEN if edition.based_on else None, 1)
        if found not in (before, after):
            yield f"{edition} is approved in part: {found}."
    if len({edition.state for edition in scheduled if edition.title.startswith(PACKAGE)}) > 1:
        yield "The package is approved in part."


def prepare_uploads() -> None:
    agency = make_agency()
    make_member(agency, role="writer", username="writer")
    for number in range(DRAFTS):
        make_edition(title=f"Draft {number}", permalink=f"/news/{number}/", issuers=[agency])


def upload(site: str) -> None:
    """Into each draft a picture of its text, by the editor's button, and two annexes, with the form."""
    client = signed_in("writer")
    for edition in Edition.objects.filter(title__startswith="Draft").order_by("pk"):
        number = int(edition.title.split()[1])
        picture = SimpleUploadedFile("a.png", png(number), "image/png")
        path = client.post(reverse("markdownx_upload"), {"image": picture}).json()["image_path"]
        large = b"%PDF-1.4\n" + random.Random(number).randbytes(LARGE)  # noqa: S311 (any bytes that no other file has)
        files = [
            SimpleUploadedFile("annex-a-figures.pdf", large),
            SimpleUploadedFile("annex-b-tables.pdf", b"%PDF-1.4\n" + bytes(number + 1)),
        ]
        place = reverse("admin:releases_edition_change", args=[edition.pk])
        values = sent(
            client.get(place), title=f"Saved {number}", body=f"![A picture]({path})", new_annexes=files
        )
        require_redirect(client.post(place, values))


def png(number: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 64), (number, 90, 120)).save(stream, "PNG")
    return stream.getvalue()


def wrong_uploads() -> Iterator[str]:
    """Drafts that are neither wholly as before nor wholly saved."""
    for edition in Edition.objects.all():
        saves = list(
            LedgerEntry.objects.filter(release=edition.release_id, verb="save").values_list(
                "after", flat=True
            )
        )
        parts = (edition.annexes.count(), edition.illustrations.count())
        found = (edition.title.split()[0], edition.body.startswith("!"), edition.lock_version, parts, saves)
        before, after = ("Draft", False, 0, (0, 0), []), ("Saved", True, 1, (2, 1), [digest_edition(edition)])
        if found not in (before, after):
            yield f"{edition} is saved in part: {found}."


def problems(what: str) -> Iterator[str]:
    """Sentences on what may not be so, killed or not. A database that is being migrated can't be asked."""
    if what == "migrate" and "releases_release" not in connection.introspection.table_names():
        return
    if what != "migrate":
        yield from WRONG[what]()
        yield from failed_checks()
    store = settings.MEDIA_ROOT / "blobs"
    for file in store.glob("*/*"):
        if (
            re.fullmatch("[0-9a-f]{64}", file.name)
            and hashlib.sha256(file.read_bytes()).hexdigest() != file.name
        ):
            yield f"The store has other bytes under the name {file.name}."


def failed_checks() -> Iterator[str]:
    told = io.StringIO()
    try:
        call_command("verify_ledger", files=True, stdout=io.StringIO(), stderr=told)
    except CommandError:
        yield from told.getvalue().splitlines()


def site_facts(site: str) -> dict[str, object]:
    told = io.StringIO()
    call_command("site_digest", stdout=told)
    return {"digest": told.getvalue().strip(), "blobs": Blob.objects.count()}


def upload_facts(site: str) -> dict[str, object]:
    """What was saved, but for the addresses of new files, which are drawn by lot."""
    return {
        edition.title: [
            re.sub("[0-9a-f]{16}", "", edition.body),
            list(edition.annexes.values_list("label", "title", "blob")),
            list(edition.illustrations.values_list("alt_text", "blob")),
        ]
        for edition in Edition.objects.all()
    }


def migrated_facts(site: str) -> dict[str, object]:
    """Schema, rows of each table, migrations, and the digest of the site once it has been imported."""
    with connection.cursor() as cursor:
        schema = []
        for query in SCHEMA[connection.vendor]:
            cursor.execute(query)
            schema += sorted(map(str, cursor.fetchall()))
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        applied = [f"{app}.{name}" for app, name in cursor.fetchall()]
    rows = {}
    for table in sorted(connection.introspection.table_names()):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 (a table's name)
            rows[table] = cursor.fetchone()[0]
    import_site(site)
    return {"schema": schema, "migrations": applied, "rows": rows, **site_facts(site)}


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(django.contrib.auth.get_user_model().objects.get(username=username))
    return client


def require_redirect(answer) -> None:
    if answer.status_code != 302:
        raise SystemExit(f"{answer.status_code} instead of a redirect: {answer.content.decode()[-3000:]}")


PREPARE = {"approve": prepare_approvals, "upload": prepare_uploads}
WORK = {"import": import_site, "approve": approve, "upload": upload, "migrate": migrate}
WRONG = {"import": lambda: iter(()), "approve": wrong_approvals, "upload": wrong_uploads}
FACTS = {"import": site_facts, "approve": site_facts, "upload": upload_facts, "migrate": migrated_facts}

if __name__ == "__main__":
    main(*sys.argv[1:])
