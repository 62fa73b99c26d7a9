"""Each figure has its place among the alarms, and no alarm is of a figure that there is not."""

import re
from pathlib import Path

import pytest

from releases.delivery.metrics import ANSWERS, SECONDS
from releases.services.operations.figures import read_figures
from tests.factories import NOON

PAGE = (Path(__file__).parent.parent / "docs/operators/alarms.md").read_text()


@pytest.mark.django_db
def test_the_page_of_alarms_names_every_figure_and_no_other():
    figures = {figure.name for figure in read_figures(NOON)}
    counts = {metric.name for one in (ANSWERS, SECONDS) for metric in one.collect()}
    told = {re.sub("_(total|bucket|count)$", "", name) for name in re.findall(r"pressroom_[a-z_]+", PAGE)}
    assert told == figures | counts


def test_each_alarm_says_what_to_do():
    rows = re.findall(r"^\| `(pressroom_\w+)`", PAGE, re.MULTILINE)
    sections = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    assert [name for name in rows if not any(name in title for title in sections)] == []
    assert len(rows) > 7
