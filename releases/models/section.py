from django.db import models


class Section(models.Model):
    """An old site's category, or the room above it: a page that lists releases of one kind."""

    folder = models.CharField(
        max_length=400, unique=True, help_text="The folder of its posts, without _posts."
    )
    title = models.CharField(max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    release_label = models.CharField(
        max_length=80, default="Release", help_text="What one of its releases is called."
    )

    class Meta:
        ordering = ["folder"]

    def __str__(self) -> str:
        return self.title
