import datetime as dt

import pytest
from django.db.models.functions import ExtractMonth, ExtractYear

from releases.models import Edition
from releases.services.editions.date_parts import MonthOf, YearOf
from tests.factories import make_live

pytestmark = pytest.mark.django_db


def test_year_and_month_are_numbers_as_django_reads_them():
    days = [dt.date(1, 1, 1), dt.date(987, 10, 31), dt.date(2024, 2, 29), dt.date(9999, 12, 31)]
    for day in days:
        make_live(release_date=day)
    parts = Edition.objects.order_by("release_date").values_list(
        YearOf("release_date"),
        MonthOf("release_date"),
        ExtractYear("release_date"),
        ExtractMonth("release_date"),
    )
    assert list(parts) == [(day.year, day.month) * 2 for day in days]
    assert [type(part) for part in parts[0]] == [int] * 4
