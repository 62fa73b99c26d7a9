"""The sample site, imported and read in a browser: numbers as typed, annexes with all that one wants to
know."""

import re

import pytest
from django.utils import timezone

from releases.models import Blob, Edition
from releases.services.files.inspection import inspect_file, uninspected_blobs

TYPED = re.compile(r"^ {0,3}(\d{1,3})\.[ \t]+\S", re.MULTILINE)
SHOWN = (
    """() => [...document.querySelectorAll(".release-body .pn")].map((node) => Number(node.lastChild.data))"""
)
IDS = """() => [...document.querySelectorAll("[id]")].map((node) => node.id)"""
ANNEXES = """() => [...document.querySelectorAll(".annexes > li")].map((node) => node.innerText)"""


@pytest.fixture
def editions(sample):
    for sha256 in uninspected_blobs():
        inspect_file(Blob.objects.get(pk=sha256))
    return list(Edition.objects.live(timezone.now()).select_related("address").order_by("pk"))


def test_numbers_are_those_typed_and_annexes_can_be_read(page, site, editions):
    numbered = annexed = 0
    for edition in editions:
        page.goto(site + edition.address.path.replace("%", "%25"))
        typed = [int(number) for number in TYPED.findall(edition.body)]
        shown, ids = page.evaluate(SHOWN), page.evaluate(IDS)
        assert len(ids) == len(set(ids)), edition
        left = iter(shown)
        assert set(typed) == {1} or all(number in left for number in typed), (edition, typed, shown)
        numbered += bool(typed)
        for words in page.evaluate(ANNEXES):
            assert re.search(r"\d (?:KB|MB|kB)", words), words
            if "PDF" in words:
                assert re.search(r"\d pages?\b", words), words
                assert "Read as a web page" in words or "Request another format" in words, words
            annexed += 1
    assert numbered >= 5 and annexed >= 10
