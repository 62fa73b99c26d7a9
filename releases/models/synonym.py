from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

MOST_WORDS = 12


class Synonym(models.Model):
    """What readers may type for one another in the search: names of one thing, with commas between them."""

    words = models.CharField(
        max_length=500,
        unique=True,
        help_text="Words or names that mean the same, with commas between them: e-scooter, personal mobility device, PMD.",
    )

    class Meta:
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

    def clean_fields(self, exclude: Any = None) -> None:
        super().clean_fields(exclude)
        self.words = ", ".join(self.ways)
        if not 2 <= len(self.ways) <= MOST_WORDS:
            raise ValidationError(
                {"words": f"Type two names or more, {MOST_WORDS} at most, with commas between them."}
            )

    @property
    def ways(self) -> list[str]:
        """The names, each once."""
        return list(dict.fromkeys(" ".join(one.split()) for one in self.words.split(",") if one.strip()))
