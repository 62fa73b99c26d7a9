"""Plain builder functions: what a test does not say is filled in with something harmless."""

import datetime as dt
import hashlib
import itertools
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import connection, transaction

from releases.content.extraction.leads import cut_lead
from releases.models import (
    Address,
    Agency,
    AgencyName,
    Annex,
    Blob,
    Edition,
    EditionContributor,
    Illustration,
    Issuer,
    Membership,
    Release,
    Section,
)
from releases.services.editing.draft_writer import read_draft
from releases.services.editing.drafts import save_draft
from releases.services.publishing import approval, new_editions, review

SINGAPORE = ZoneInfo("Asia/Singapore")
NOON = dt.datetime(2024, 3, 1, 12, tzinfo=SINGAPORE)
counter = itertools.count(1)


def make_user(username="", **fields):
    return User.objects.create_user(
        username or f"person-{next(counter)}", password="a long enough password", **fields
    )


def make_agency(slug="mti", name="Ministry of Trade and Industry", acronym="MTI", **fields):
    agency, created = Agency.objects.get_or_create(slug=slug, defaults={"acronym": acronym, **fields})
    if created:
        AgencyName.objects.create(agency=agency, name=name, acronym=acronym)
    return agency


def make_section(path="/news/press-releases/", title="Press releases", kind="press-release", parent=None):
    found = Address.objects.at(path).select_related("section").first()
    if found:
        return found.section
    section = Section.objects.create(folder=path.strip("/"), title=title, kind=kind, parent=parent)
    Address.objects.create(path=path, kind=Address.Kind.SECTION, section=section)
    return section


def make_blob(data=b"%PDF-1.4 an annex", media_type="application/pdf", **facts):
    sha256 = hashlib.sha256(data).hexdigest()
    blob, _ = Blob.objects.get_or_create(
        sha256=sha256, defaults={"size": len(data), "media_type": media_type, **facts}
    )
    blob.file.parent.mkdir(parents=True, exist_ok=True)
    blob.file.write_bytes(data)
    return blob


def make_file_address(path):
    return Address.objects.at(path).first() or Address.objects.create(path=path, kind=Address.Kind.FILE)


def make_edition(
    *, release=None, permalink="", section=None, form="text", issuers=None, annexes=(), images=(), **fields
):
    """A draft.

    `issuers`: agencies, lead first; `annexes` and `images`: (path, bytes) or (path, bytes, label, title).
    """
    number = next(counter)
    release = release or Release.objects.create(section=section or make_section(), form=form)
    permalink = permalink or f"/news/press-releases/release-{number}/"
    address = Address.objects.at(permalink).first() or Address.objects.create(
        path=permalink, kind=Address.Kind.RELEASE, release=release
    )
    values = {
        "title": f"Release {number}",
        "body": "A paragraph.",
        "body_html": "<p>A paragraph.</p>\n",
        **fields,
    }
    values.setdefault("release_date", dt.date(2024, 3, 1))
    values.setdefault("release_date_is_confirmed", True)
    values.setdefault("kind", release.section.kind)
    values.setdefault("lead_text", cut_lead(values["body_html"], values["title"]))
    edition = Edition.objects.create(release=release, address=address, **values)
    if edition.author and edition.state != Edition.State.APPROVED:
        EditionContributor.objects.add(edition, edition.author)
    _add_issuers(edition, [make_agency()] if issuers is None else issuers)
    _add_files(edition, annexes, images)
    return edition


def save(edition, *, actor=None, at=NOON, **changes):
    """The edition once somebody has saved it with these values of `DraftValues` changed."""
    stored = read_draft(edition.pk)
    values = replace(stored.values, **{"body_html": None, **changes})
    save_draft(edition, values, base=stored.edition.lock_version, actor=actor or make_user(), at=at)
    return edition


def make_live(*, at=NOON, approver=None, **fields):
    """An edition that is live from `at`."""
    edition = cleared(make_edition(**fields))
    return approval.approve(edition, approver=approver or make_user(), at=at)


def cleared(edition):
    """Every joint agency consents."""
    for agency in review.uncleared_agencies(edition):
        review.record_clearance(edition, agency=agency, actor=make_user(), at=NOON)
    return edition


def make_member(*agencies, role="approver", urgent=False, **fields):
    """Somebody at the desk with a role for each agency."""
    user = make_user(is_staff=True, **fields)
    for agency in agencies:
        Membership.objects.create(user=user, agency=agency, role=role, urgent=urgent)
    return user


def make_many(number, *, live_from=NOON, **fields):
    """So many live releases of one agency, written at once."""
    agency, section = make_agency(), make_section()
    name = agency.name_on(NOON.date())
    releases = Release.objects.bulk_create(Release(section=section) for _ in range(number))
    addresses = Address.objects.bulk_create(
        Address(path=f"/many/{release.pk}/", kind=Address.Kind.RELEASE, release=release)
        for release in releases
    )
    values = {
        "title": "One of many",
        "body": "A paragraph.",
        "body_html": "<p>A paragraph.</p>\n",
        "origin": "import",
        "digest": "many",
        "release_date": NOON.date(),
        **fields,
    }
    editions = Edition.objects.bulk_create(
        Edition(release=release, address=address, **values)
        for release, address in zip(releases, addresses, strict=True)
    )
    Issuer.objects.bulk_create(
        Issuer(edition=edition, position=1, agency=agency, name=name.name, acronym=name.acronym)
        for edition in editions
    )
    Edition.objects.filter(release__in=releases).update(
        state=Edition.State.APPROVED, live_from=live_from, first_live_at=live_from
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # As a server does by itself soon after so many rows: without it PostgreSQL's plans are luck.
            cursor.execute("ANALYZE")
    return editions


def make_next(edition, *, author=None, at=NOON, **changes):
    """A draft of the next edition, with what its approval asks for."""
    draft = new_editions.start_next_edition(edition, author=author or make_user(), at=at)
    values = {"change_class": "correction", "change_note": "A figure was wrong.", **changes}
    Edition.objects.filter(pk=draft.pk).update(**values)
    draft.refresh_from_db()
    return cleared(draft)


def make_scheduled(*, live_from, at=NOON, approver=None, **fields):
    edition = cleared(make_edition(**fields))
    return approval.approve(edition, approver=approver or make_user(), at=at, live_from=live_from)


def _add_issuers(edition, agencies):
    with transaction.atomic():
        for position, agency in enumerate(agencies, 1):
            name = agency.name_on(edition.release_date)
            Issuer.objects.create(
                edition=edition, position=position, agency=agency, name=name.name, acronym=name.acronym
            )


def _add_files(edition, annexes, images):
    for position, (path, data, *words) in enumerate(annexes, 1):
        label, title = words or ("", path.rsplit("/", 1)[-1])
        Annex.objects.create(
            edition=edition,
            position=position,
            label=label,
            title=title,
            address=make_file_address(path),
            blob=make_blob(data),
        )
    for path, data in images:
        Illustration.objects.create(
            edition=edition,
            address=make_file_address(path),
            blob=make_blob(data, "image/png"),
            alt_text="A picture.",
        )
