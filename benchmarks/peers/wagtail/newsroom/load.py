"""Make the newsroom from lines of JSON on standard input, each a release; prints the path of the first
one."""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402 (its settings are known above)

call_command("migrate", verbosity=0)

from django.db import transaction  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from newsroom.models import Agreement, Annex, Issuer, ReleasePage, SectionPage  # noqa: E402


@transaction.atomic
def load() -> str:
    home = Page.objects.get(depth=1).add_child(instance=SectionPage(title="Newsroom", slug="newsroom"))
    Site.objects.update(root_page=home)
    sections: dict[str, Page] = {}
    first = ""
    for number, line in enumerate(sys.stdin):
        row = json.loads(line)
        if row["section"] not in sections:
            section = SectionPage(title=row["section"], slug=f"section-{len(sections)}")
            sections[row["section"]] = home.add_child(instance=section)
        page = ReleasePage(
            title=row["title"][:255],
            slug=f"release-{number}",
            date=row["date"],
            summary=row["summary"],
            body=row["body"],
        )
        page.issuers = [Issuer(sort_order=place, **one) for place, one in enumerate(row["issuers"])]
        page.annexes = [Annex(sort_order=place, **one) for place, one in enumerate(row["annexes"])]
        sections[row["section"]].add_child(instance=page)
        page.agreements.set(
            [Agreement.objects.get_or_create(slug=one["slug"], defaults=one)[0] for one in row["agreements"]]
        )
        first = first or page.url_path
    return first.removeprefix("/newsroom")


print(load())
