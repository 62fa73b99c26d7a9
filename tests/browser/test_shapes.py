"""Axe and the rules of HTML over a page of each shape of the sample; over every page of a site with AXE=full,
which is that of AXE_SITE (a folder that `import_posts` reads), else the sample.

All pages of a real site take most of an hour: with AXE_DONE=FILE those in which nothing was found are written there and
passed over the next time, and AXE_PART=1/2 and 2/2 share them out among two processes, each with a FILE of its own.
"""

import os
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.browser.hands import show_scheme
from tests.browser.shapes import choose_pages, crawl
from tests.markup import structure_problems

IS_FULL = os.environ.get("AXE") == "full"
DONE = Path(os.environ.get("AXE_DONE", os.devnull))
SCREENS = [(320, "dark"), (1280, "light")]


@pytest.fixture
def paths(request, site, client):
    if IS_FULL and "AXE_SITE" in os.environ:
        call_command("import_posts", os.environ["AXE_SITE"], agencies="singapore", verbosity=0)
    else:
        request.getfixturevalue("sample")
    found = crawl(client)
    return share_out(list(found)) if IS_FULL else choose_pages(found)


def share_out(paths):
    part, parts = map(int, os.environ.get("AXE_PART", "1/1").split("/"))
    done = set(DONE.read_text().splitlines()) if DONE.exists() else set()
    return [path for path in paths[part - 1 :: parts] if path not in done]


def test_pages_of_every_shape_are_accessible_fit_and_are_well_formed(page, site, paths, violations):
    assert IS_FULL or len(paths) >= 10
    problems = []
    for path in paths:
        before = len(problems)
        response = page.goto(site + path.replace("%", "%25"), wait_until="domcontentloaded")
        problems += [(path, problem) for problem in structure_problems(response.text())]
        for width, scheme in SCREENS:
            page.set_viewport_size({"width": width, "height": 800})
            show_scheme(page, scheme)
            problems += [(path, width, problem) for problem in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                problems.append((path, width, "scrolls sideways"))
        if IS_FULL and len(problems) == before:
            with DONE.open("a") as done:
                done.write(f"{path}\n")
    assert problems == []
