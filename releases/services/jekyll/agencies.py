"""The agencies of a newsroom: on the way out, and back before anything is read that names them."""

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import transaction

from releases.content.jekyll.record import AgencyNameRecord, AgencyRecord
from releases.models import Agency, AgencyName

SAME = ("slug", "acronym", "kind", "succeeded_on", "is_active")


def gather_agencies() -> tuple[AgencyRecord, ...]:
    """All of them; none where they are those of Singapore as they come with the product."""
    rows = Agency.objects.select_related("parent", "successor").prefetch_related("names").order_by("slug")
    agencies = list(rows)
    names = [name for agency in agencies for name in agency.names.all()]
    here = serializers.serialize(
        "json", [*agencies, *names], use_natural_foreign_keys=True, use_natural_primary_keys=True
    )
    shipped = Path(settings.FIXTURE_DIRS[0]) / "agencies.json"
    is_as_shipped = _lines(here) == _lines(shipped.read_text())
    return () if is_as_shipped else tuple(map(_gather, agencies))


def _gather(agency: Agency) -> AgencyRecord:
    return AgencyRecord(
        **{name: getattr(agency, name) for name in SAME},
        parent=agency.parent.slug if agency.parent else "",
        successor=agency.successor.slug if agency.successor else "",
        hosts=tuple(agency.hosts),
        aliases=tuple(agency.aliases),
        names=tuple(AgencyNameRecord(one.name, one.acronym, one.valid_from) for one in agency.names.all()),
    )


def _lines(fixture: str) -> list[str]:
    """The rows of a fixture in an order of their own, with the day that one may leave out."""
    rows: list[dict[str, Any]] = json.loads(fixture)
    return sorted(json.dumps({"succeeded_on": None} | row["fields"], sort_keys=True) for row in rows)


def write_agencies(records: Iterable[AgencyRecord]) -> list[str]:
    """Add the agencies that are not here yet; those that are stay as they are. Returns why some could not be
    added."""
    here = set(Agency.objects.values_list("slug", flat=True))
    new = [record for record in records if record.slug not in here]
    reasons = []
    for record in new:
        try:
            with transaction.atomic():
                _add(record)
        except ValidationError as error:
            reasons.append(f"The agency {record.slug} did not come in: {' '.join(error.messages)}")
    _relate(new)
    return reasons


def _add(record: AgencyRecord) -> None:
    """One with its names. Raises ValidationError."""
    agency = Agency(
        **{name: getattr(record, name) for name in SAME},
        hosts=list(record.hosts),
        aliases=list(record.aliases),
    )
    agency.full_clean()
    agency.save()
    for name in record.names:
        row = AgencyName(agency=agency, **dataclasses.asdict(name))
        row.full_clean()
        row.save()


def _relate(records: Iterable[AgencyRecord]) -> None:
    """Name the parents and successors, now that all are there."""
    agencies = Agency.objects.in_bulk(field_name="slug")
    for record in records:
        agency = agencies.get(record.slug)
        others = agencies.get(record.parent), agencies.get(record.successor)
        if agency and any(others) and agency not in others:
            agency.parent, agency.successor = others
            agency.save(update_fields=["parent", "successor"])
