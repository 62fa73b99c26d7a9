from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from releases.models.edition import Edition


class EditionContributorManager(models.Manager["EditionContributor"]):
    def add(self, edition: Edition, user: AbstractBaseUser) -> None:
        """Keep that `user` wrote in `edition`; once is enough.

        Call it inside the transaction of what they wrote.
        """
        self.bulk_create([self.model(edition=edition, user_id=user.pk)], ignore_conflicts=True)


class EditionContributor(models.Model):
    """The author of an edition, or somebody else who wrote in it, whatever became of their words.

    None of them is the second person who approves it. A row stays until its draft is discarded.
    """

    edition = models.ForeignKey("releases.Edition", models.CASCADE, related_name="contributors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = EditionContributorManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_contributor_a_person", fields=["edition", "user"]),
        ]

    def __str__(self) -> str:
        return str(self.user)
