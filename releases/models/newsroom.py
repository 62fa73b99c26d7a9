from django.db import models
from django.db.models import Q

KEY = 1


class Newsroom(models.Model):
    """What the office that runs the site says of itself: one row, if any, and nothing in it has to be said."""

    name = models.CharField(
        max_length=80,
        blank=True,
        help_text="At the top of every page. Empty: the name that your operator set.",
    )
    line = models.CharField(
        "one line about it", max_length=200, blank=True, help_text="On the home page, and where it is shared."
    )
    colour = models.CharField(
        max_length=7,
        blank=True,
        help_text="Of links, buttons and the line at the top, such as #0a4a8f. One that can't be read is refused.",
    )
    logo = models.ForeignKey("releases.Blob", models.PROTECT, null=True, blank=True, related_name="logos")
    logo_dark = models.ForeignKey(
        "releases.Blob", models.PROTECT, null=True, blank=True, related_name="dark_logos"
    )
    logo_says_name = models.BooleanField(
        "the name stands in the logo",
        default=True,
        help_text="If not, it is written beside the logo.",
    )
    social_picture = models.ForeignKey(
        "releases.Blob", models.PROTECT, null=True, blank=True, related_name="social_pictures"
    )
    email = models.EmailField(
        "email address",
        blank=True,
        help_text="Readers write to it for a file in another format, where the agency has no address of its own.",
    )
    phone = models.CharField(max_length=40, blank=True, help_text="As readers should dial it: +65 6123 4567.")
    security_contact = models.CharField(
        "where to report a hole in security",
        max_length=400,
        blank=True,
        help_text="An email address, or a page that begins with https://. It is told in /.well-known/security.txt.",
    )
    about = models.TextField(
        blank=True, help_text="The page About, in Markdown. Empty: there is no such page."
    )
    contact = models.TextField(
        blank=True,
        help_text="More for the page Contact, in Markdown: opening hours, a postal address, whom the media call.",
    )
    privacy = models.TextField(
        blank=True, help_text="The page Privacy, in Markdown. Empty: there is no such page."
    )
    terms = models.TextField(
        "terms of use",
        blank=True,
        help_text="The page Terms of use, in Markdown: may others reuse what you publish?",
    )
    licence = models.CharField(
        max_length=120, blank=True, help_text="Its name, at the foot of every page and in the data."
    )
    licence_url = models.URLField("address of the licence", max_length=400, blank=True)
    official_note = models.CharField(
        "note that the site is official",
        max_length=200,
        blank=True,
        help_text="Above every page, such as: An official website of the Government of Atlantis.",
    )
    footer_links = models.TextField(
        "links at the foot of every page",
        blank=True,
        help_text="One a line: the words, then the address. Careers https://careers.example.gov",
    )

    class Meta:
        verbose_name = "newsroom"
        verbose_name_plural = "newsroom"
        constraints = [models.CheckConstraint(name="one_newsroom", condition=Q(id=KEY))]

    def __str__(self) -> str:
        return self.name or "Newsroom"

    @property
    def is_blank(self) -> bool:
        """Whether nothing is said in it."""
        blank = Newsroom(pk=self.pk)
        fields = [field.attname for field in self._meta.concrete_fields]
        return all(getattr(self, name) == getattr(blank, name) for name in fields)
