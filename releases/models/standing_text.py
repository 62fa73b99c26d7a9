from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from releases.models.agency import Agency


class ContactQuerySet(models.QuerySet["AgencyContact"]):
    def on(self, day: date) -> Self:
        """Those that hold on `day`."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        )


class AgencyContact(models.Model):
    """Whom journalists ask at an agency, from a day to a day. Public as long as it holds."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="contacts")
    name = models.CharField(
        max_length=200, help_text="As readers see it: “Media relations”, or a person with their office."
    )
    phone = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    hours = models.CharField("when", max_length=200, blank=True, help_text="Monday to Friday, 9:00 to 18:00")
    valid_from = models.DateField(
        "from", null=True, blank=True, help_text="Readers do not see it before this day. Empty: at once."
    )
    valid_until = models.DateField("until", null=True, blank=True, help_text="The last day. Empty: no end.")

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["agency", "name", "pk"]
        verbose_name = "media contact"
        constraints = [
            models.CheckConstraint(
                name="contact_ends_after_it_begins",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=models.F("valid_from")),
                violation_error_message="It ends before it begins.",
            ),
            models.CheckConstraint(
                name="contact_can_be_reached",
                condition=~Q(phone="") | ~Q(email=""),
                violation_error_message="Type a phone number or an email address.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.name}"

    @property
    def block(self) -> str:
        """As it stands among the media contacts of a release."""
        return "\n".join(filter(None, (self.name, self.phone, self.email, self.hours)))


class Boilerplate(models.Model):
    """What an agency says of itself below its releases."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="boilerplates")
    title = models.CharField("heading", max_length=200, help_text="“About the Ministry of …”")
    text = models.TextField(help_text="Markdown, as in a release.")

    class Meta:
        ordering = ["agency", "title", "pk"]
        verbose_name = "closing text"
        constraints = [
            models.UniqueConstraint(name="one_boilerplate_a_heading", fields=["agency", "title"]),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.title}"

    @property
    def block(self) -> str:
        """As it stands at the end of the text of a release."""
        text = self.text.replace("\r\n", "\n").strip()
        return f"## {self.title}\n\n{text}"
