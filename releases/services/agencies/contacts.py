"""Whom journalists ask at an agency today."""

import datetime as dt
from typing import NamedTuple

from django.utils.timezone import localdate

from releases.models import AgencyContact


class Contact(NamedTuple):
    """What readers see of a contact; "" for what is not told."""

    name: str
    phone: str
    email: str
    hours: str


def present_contacts(agency: str, at: dt.datetime) -> list[Contact]:
    """Those of the agency with this slug that hold on the day of `at`, by name."""
    rows = AgencyContact.objects.on(localdate(at)).filter(agency__slug=agency).order_by("name", "pk")
    return [Contact(*facts) for facts in rows.values_list(*Contact._fields)]
