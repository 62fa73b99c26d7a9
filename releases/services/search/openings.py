"""What the newest releases say first: the words that are searched for what readers may have meant."""

import datetime as dt

from django.db.models import TextField, Value
from django.db.models.functions import Concat, Substr

from releases.content.text.markup import plain_text
from releases.models import Edition

NEWEST_COUNT, OPENING_LENGTH = 3_000, 400


def read_openings(at: dt.datetime) -> list[str]:
    """Of each of the newest listed releases its title, summary and first letters of text."""
    opening = Substr("body_html", 1, OPENING_LENGTH)
    said = Concat("title", Value("\n"), "summary", Value("\n"), opening, output_field=TextField())
    newest = Edition.objects.listed(at).annotate(said=said).newest_first()
    return [plain_text(text) for text in newest.values_list("said", flat=True)[:NEWEST_COUNT]]
