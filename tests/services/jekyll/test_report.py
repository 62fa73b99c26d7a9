"""What an operator reads after an import."""

import pytest

from releases.services.jekyll.report import SENTENCES, ImportReport, count_things
from releases.services.jekyll.report_page import format_page

ROW = {"path": "a & <b>.md", "reason": "Why", "posts": ["x", "y"], "others": {"x": "/z/"}}


@pytest.mark.parametrize("key", SENTENCES)
def test_one_and_many_are_told_apart(key):
    one, many = (count_things(SENTENCES[key], number) for number in (1, 2000))
    assert one.startswith("1 ") and many.startswith("2000 ") and one[2:] != many[5:]
    assert not {"{", "}", "|"} & {*one, *many}
    assert not {"are", "were", "have", "lie", "show", "stay"} & set(one.split()[:3])


def test_the_worst_comes_first_and_a_screen_holds_it():
    report = ImportReport(posts=30, created=1, annex_links=1, annex_links_resolved=1, failed=[ROW] * 12)
    for key in SENTENCES:
        getattr(report, key).append(ROW)
    lines = report.summary().split("\n")
    assert lines[0] == "30 posts: 1 new, 0 changed, 0 unchanged, 12 failed."
    assert lines[1:12] == [*["Failed: a & <b>.md: Why"] * 10, "2 more failed posts are in the report."]
    assert lines[12].startswith("1 link to annexes: 1 leads to a file, 0 do not.")
    assert lines[-1] == "1 further remark is in the report." and len(lines) < 40


def test_the_page_holds_every_row_and_runs_nothing():
    report = ImportReport(failed=[ROW])
    page = format_page(report)
    assert "<h2>1 post failed.</h2>" in page
    assert "<td>a &amp; &lt;b&gt;.md</td><td>Why</td><td>x<br>y</td><td>x: /z/</td>" in page
    assert "<b>" not in page and "<script" not in page
