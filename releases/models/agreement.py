from django.db import models
from django.db.models import Exists, OuterRef, Q

from releases.models.edition import Edition


class AgreementManager(models.Manager):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Agreement(models.Model):
    """An instrument between states or agencies. Its status is derived from its events, never typed."""

    class Binding(models.TextChoices):
        BINDING = "binding", "Binding"
        NON_BINDING = "non-binding", "Not binding"
        NOT_STATED = "not-stated", "Not stated"

    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=500)
    short_title = models.CharField(max_length=200, blank=True)
    acronyms = models.JSONField(default=list, blank=True)
    instrument_type = models.SlugField(max_length=60)
    binding = models.CharField(max_length=11, choices=Binding.choices, default=Binding.NOT_STATED)
    summary = models.TextField(blank=True)

    objects = AgreementManager()

    class Meta:
        ordering = ["title"]

    def __str__(self):
        return self.short_title or self.title

    def natural_key(self):
        return (self.slug,)


class AgreementEventQuerySet(models.QuerySet):
    def public(self, at):
        """Events that the public may know of at the instant `at`.

        Public from the first live instant of the release that evidences it, or from `public_from`.
        """
        evidence = Edition.objects.on_record(at).filter(release=OuterRef("release_id"))
        return self.filter(Q(public_from__lte=at) | Exists(evidence))


class AgreementEvent(models.Model):
    class Kind(models.TextChoices):
        NEGOTIATIONS_LAUNCHED = "negotiations-launched", "Negotiations launched"
        CONCLUDED = "concluded", "Negotiations concluded"
        INITIALLED = "initialled", "Initialled"
        SIGNED = "signed", "Signed"
        APPROVED = "approved", "Approved"
        PROVISIONAL_APPLICATION = "provisional-application", "Provisionally applied"
        ENTRY_INTO_FORCE = "entry-into-force", "Entered into force"
        REGISTERED = "registered", "Registered"
        AMENDED = "amended", "Amended"
        SUSPENDED = "suspended", "Suspended"
        TERMINATED = "terminated", "Terminated"
        SUPERSEDED = "superseded", "Superseded"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    date = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    release = models.ForeignKey(
        "releases.Release", models.PROTECT, null=True, blank=True, related_name="events"
    )
    public_from = models.DateTimeField(null=True, blank=True)

    objects = AgreementEventQuerySet.as_manager()

    class Meta:
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(name="one_event_a_kind_and_day", fields=["agreement", "kind", "date"]),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.date:%d %B %Y}"
