"""Axe and the rules of HTML over a page of each shape of the sample; over every page of a site with AXE=full,
which is that of AXE_SITE (a folder that `import_posts` reads), else the sample."""

import os

import pytest
from django.core.management import call_command

from tests.browser.hands import show_scheme
from tests.browser.shapes import choose_pages, crawl
from tests.markup import structure_problems

IS_FULL = os.environ.get("AXE") == "full"
SCREENS = [(320, "dark"), (1280, "light")]


@pytest.fixture
def paths(site, client):
    if IS_FULL and "AXE_SITE" in os.environ:
        call_command("import_posts", os.environ["AXE_SITE"], agencies="singapore", verbosity=0)
    else:
        call_command("load_sample", verbosity=0)
    found = crawl(client)
    return list(found) if IS_FULL else choose_pages(found)


def test_pages_of_every_shape_are_accessible_fit_and_are_well_formed(page, site, paths, violations):
    assert len(paths) >= 10
    problems = []
    for path in paths:
        response = page.goto(site + path.replace("%", "%25"))
        problems += [(path, problem) for problem in structure_problems(response.text())]
        for width, scheme in SCREENS:
            page.set_viewport_size({"width": width, "height": 800})
            show_scheme(page, scheme)
            problems += [(path, width, problem) for problem in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                problems.append((path, width, "scrolls sideways"))
    assert problems == []
