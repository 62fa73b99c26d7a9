from django.conf import settings
from django.db import models


class Notice(models.Model):
    """What an agency's people are told on their desk: somebody did something that concerns it.

    `text` names no release, since titles may have to be erased; the edition leads there.
    """

    agency = models.ForeignKey("releases.Agency", models.CASCADE, related_name="+")
    edition = models.ForeignKey("releases.Edition", models.CASCADE, related_name="notices")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["agency", "-at"], name="notice_of_an_agency")]

    def __str__(self) -> str:
        return self.text
