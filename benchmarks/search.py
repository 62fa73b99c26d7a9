"""How well search finds, measured with queries whose releases people have named.

    python benchmarks/search.py QUERIES.json DATABASE_URL [DATABASE_URL]

QUERIES.json is a list of

    {"kind": "annex", "q": "tonnage herring", "relevant": ["/news/a/", "/news/b/"]}     permalinks, in no order
    {"kind": "typo", "q": "tonage", "meant": "tonnage"}                                  what "Did you mean" should say

and each database holds the same imported site, its files read. Printed for each: precision among the first
ten (of all, and of those that are possible), the mean reciprocal rank of the first right one, recall on the
first page, by kind; with two databases, how many first pages are the same. Last: how many of the named
releases other ways of searching would find at all. Title only is what an Isomer site has, title, summary and
text what GOV.UK indexes; neither reads annexes.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import mean, median
from typing import Any

ROOT = Path(__file__).parent.parent
WAYS = ("title only", "title, summary, text", "with annexes (ours)")
WIDTHS = (8, 10, 8, 8)
Queries = list[dict[str, Any]]
Pages = list[list[str]]
"""For each query the permalinks of its first page."""


def main(file: str, *databases: str) -> None:
    asked = json.loads(Path(file).read_text())
    found = [answers(file, database) for database in databases]
    for database, (pages, _, took) in zip(databases, found, strict=True):
        print(
            f"\n{database.partition(':')[0]}: {len(asked)} queries, {median(took) * 1000:.1f} ms in the median"
        )
        show(asked, pages)
    if len(found) == 2:
        compare(asked, found[0][0], found[1][0])
    show_ways(asked, found[0][1])


def show(asked: Queries, pages: Pages) -> None:
    print(f"{'kind':10}{'queries':>8}{'P@10':>8}{'possible':>10}{'MRR':>8}{'recall':>8}")
    rows = defaultdict(list)
    for query, page in zip(asked, pages, strict=True):
        if "meant" in query:
            rows["typo"].append([float(page == [query["meant"]])] * 4)
        else:
            rows[query["kind"]].append(figures(page, set(query["relevant"])))
    searches = [row for kind, found in rows.items() if kind != "typo" for row in found]
    for kind, found in [*rows.items(), ("all", searches)]:
        columns = zip(zip(*found, strict=True), WIDTHS, strict=True)
        print(f"{kind:10}{len(found):8}" + "".join(f"{mean(column):{width}.3f}" for column, width in columns))


def figures(page: list[str], relevant: set[str]) -> list[float]:
    right = [permalink in relevant for permalink in page]
    first = right.index(True) + 1 if True in right else 0
    among_ten = sum(right[:10])
    return [
        among_ten / 10,
        among_ten / min(10, len(relevant)),
        1 / first if first else 0,
        sum(right) / len(relevant),
    ]


def compare(asked: Queries, ours: Pages, theirs: Pages) -> None:
    differing = [query["q"] for query, one, other in zip(asked, ours, theirs, strict=True) if one != other]
    print(f"\nThe same first page on both: {len(asked) - len(differing)} of {len(asked)}")
    for text in differing:
        print(f"  differs: {text}")


def show_ways(asked: Queries, ways: list[Any]) -> None:
    """Of the named releases, how many hold the words where each way looks; and queries for which it shows
    none of them."""
    print(f"\n{'':24}{'releases found':>16}{'queries without any':>21}")
    searches = [way for query, way in zip(asked, ways, strict=True) if "meant" not in query]
    for place, name in enumerate(WAYS):
        rows = [[held[place] for held in way] for way in searches]
        found, total = sum(map(sum, rows)), sum(map(len, rows))
        print(f"{name:24}{found:9} of {total:3}{sum(not any(row) for row in rows):13} of {len(rows):3}")


def answers(file: str, database: str) -> Any:
    """Pages, what each way would find, and seconds: from a process of its own, since a database is a
    setting."""
    environment = os.environ | {"DATABASE_URL": database}
    command = [sys.executable, __file__, "--answer", file]
    return json.loads(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout)


def answer(file: str) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from releases.services.search.did_you_mean import correct_query  # noqa: PLC0415
    from releases.services.search.filters import Filters  # noqa: PLC0415
    from releases.services.search.results import search_with_facets  # noqa: PLC0415

    now, pages, ways, took = timezone.now(), [], [], []
    for query in json.loads(Path(file).read_text()):
        filters, begun = Filters.read({"q": query["q"]}), time.perf_counter()
        if "meant" in query:
            pages.append([correct_query(now, filters)])
        else:
            pages.append(
                [edition.address.path for edition in search_with_facets(now, filters).listing.editions]
            )
            took.append(time.perf_counter() - begun)
        ways.append([ways_of(now, filters, permalink) for permalink in query.get("relevant", [])])
    print(json.dumps([pages, ways, took]))


def ways_of(now: dt.datetime, filters: Any, permalink: str) -> list[bool]:
    from releases.content.text.markup import plain_text  # noqa: PLC0415
    from releases.content.text.tokens import split_words  # noqa: PLC0415
    from releases.models import Edition  # noqa: PLC0415
    from releases.services.search.filters import matching_editions  # noqa: PLC0415

    edition = Edition.objects.listed(now).get(address__path=permalink)
    whole = f"{edition.title}\n{edition.summary}\n{plain_text(edition.body_html)}"
    texts = [f" {' '.join(split_words(text))} " for text in (edition.title, whole)]
    phrases = [f" {' '.join(term.words)} " for term in filters.query.wanted]
    ours = matching_editions(now, filters.shape, filters.values()).filter(pk=edition.pk).exists()
    return [*(all(phrase in text for phrase in phrases) for text in texts), ours]


def start() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressroom.settings")
    import django  # noqa: PLC0415

    django.setup()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--answer"]:
        start()
        answer(sys.argv[2])
    elif len(sys.argv) > 2:
        main(*sys.argv[1:])
    else:
        sys.exit(__doc__)
