import datetime as dt

import pytest
from django.db.models.functions import ExtractYear

from releases.models import Edition
from releases.services.editions.date_parts import YearOf
from tests.factories import make_live

pytestmark = pytest.mark.django_db


def test_the_year_is_a_number_as_django_reads_it():
    days = [dt.date(1, 1, 1), dt.date(987, 10, 31), dt.date(2024, 2, 29), dt.date(9999, 12, 31)]
    for day in days:
        make_live(release_date=day)
    years = Edition.objects.order_by("release_date").values_list(
        YearOf("release_date"), ExtractYear("release_date")
    )
    assert list(years) == [(day.year, day.year) for day in days]
    assert [type(year) for year in years[0]] == [int] * 2
