from django.db import models

from releases.content.extraction.kinds import KINDS


class Section(models.Model):
    """An old site's category, or the room above it: a page that lists releases of one kind."""

    folder = models.CharField(
        max_length=400, unique=True, help_text="The folder of its posts, without _posts."
    )
    title = models.CharField(max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(
        max_length=20,
        choices=KINDS.items(),
        default="release",
        help_text="What most of its releases are; what one says itself goes before.",
    )

    class Meta:
        ordering = ["folder"]

    def __str__(self) -> str:
        return self.title
