from datetime import date, datetime
from typing import Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import localdate
from django_countries import countries
from django_countries.fields import CountryField

from releases.content.text.dates import format_date
from releases.models.edition import Edition

Fact = TypeVar("Fact", bound=models.Model)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def get_by_natural_key(self, slug: str) -> "Agreement":
        return self.get(slug=slug)

    def public(self, at: datetime) -> Self:
        """Agreements that the public may know of: one of their events is public, or a live release is about
        them."""
        events = AgreementEvent.objects.public(at).filter(agreement=OuterRef("pk"))
        editions = Edition.objects.live(at).filter(agreements=OuterRef("pk"))
        mentions = Edition.objects.live(at).filter(release__mentions__agreement=OuterRef("pk"))
        return self.filter(Exists(events) | Exists(editions) | Exists(mentions))

    def public_or_scheduled(self) -> Self:
        """Agreements that readers know of, knew of or will know of, by what is approved or has its day
        already."""
        approved = Q(release__editions__state=Edition.State.APPROVED)
        events = AgreementEvent.objects.filter(
            approved | Q(public_from__isnull=False), agreement=OuterRef("pk")
        )
        mentions = Mention.objects.filter(approved, agreement=OuterRef("pk"))
        editions = Edition.objects.filter(state=Edition.State.APPROVED, agreements=OuterRef("pk"))
        return self.filter(Exists(events) | Exists(mentions) | Exists(editions))


class Agreement(models.Model):
    """An instrument between states or agencies. Its status is derived from its events, never typed."""

    class Binding(models.TextChoices):
        BINDING = "binding", "Binding"
        NON_BINDING = "non-binding", "Not binding"
        NOT_STATED = "not-stated", "Not stated"

    class Kind(models.TextChoices):
        TREATY = "treaty", "Treaty"
        FREE_TRADE = "free-trade-agreement", "Free trade agreement"
        DIGITAL_ECONOMY = "digital-economy-agreement", "Digital economy agreement"
        DIGITAL_PARTNERSHIP = "digital-partnership-agreement", "Digital partnership agreement"
        PARTNERSHIP = "partnership-agreement", "Partnership agreement"
        PROTOCOL = "protocol", "Protocol"
        AMENDMENT = "amendment", "Amendment"
        EXCHANGE = "exchange-of-notes", "Exchange of notes"
        MEMORANDUM = "memorandum-of-understanding", "Memorandum of understanding"
        DECLARATION = "joint-declaration", "Joint declaration"
        PRINCIPLES = "principles", "Principles"
        ARRANGEMENT = "arrangement", "Arrangement"
        CONVENTION = "convention", "Convention"
        OTHER = "other", "Other"

    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=500)
    short_title = models.CharField(max_length=200, blank=True)
    acronyms = models.JSONField(default=list, blank=True, help_text='As a list: ["KSDPA"]')
    former_titles = models.JSONField(
        default=list, blank=True, help_text="Former and other titles, as a list."
    )
    instrument_type = models.CharField(max_length=60, choices=Kind.choices, default=Kind.OTHER)
    binding = models.CharField(max_length=11, choices=Binding.choices, default=Binding.NOT_STATED)
    summary = models.TextField(blank=True)
    subjects = models.JSONField(default=list, blank=True)
    lead_agency = models.ForeignKey(
        "releases.Agency", models.PROTECT, null=True, blank=True, related_name="leads"
    )
    contact = models.TextField(blank=True)
    depositary = models.CharField(max_length=200, blank=True)
    registration = models.CharField(max_length=200, blank=True, help_text="Body, number and date.")
    duration = models.CharField(max_length=200, blank=True, help_text="How long it runs.")
    renewal = models.CharField(
        max_length=300, blank=True, help_text="How it is renewed, and by when notice must be given."
    )
    expires_on = models.DateField(null=True, blank=True)
    source_url = models.URLField(
        "source address", max_length=500, blank=True, help_text="Where its facts can be checked."
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.short_title or self.title

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class Sourced(models.Model):
    """A fact that may come from elsewhere than a release, such as a register of treaties, and says from
    where."""

    source = models.CharField(
        max_length=300,
        blank=True,
        help_text="Where no release reports it: the register, series or page that does.",
    )
    source_url = models.URLField(
        "source address", max_length=500, blank=True, help_text="The address of that source."
    )

    class Meta:
        abstract = True


class PartyQuerySet(models.QuerySet["Party"]):
    def public(self, at: datetime) -> Self:
        """Parties that the public may know of at the instant `at`: one that accedes, when its accession is
        public."""
        return self.told_by(PartyAction.objects.public(at))

    def told_by(self, actions: "models.QuerySet[PartyAction]") -> Self:
        """Those that never acceded, or did by one of the `actions`."""
        accessions = {"party": OuterRef("pk"), "kind": PartyAction.Kind.ACCESSION}
        return self.filter(
            ~Exists(PartyAction.objects.filter(**accessions)) | Exists(actions.filter(**accessions))
        )


class Party(models.Model):
    """A state, an organisation or an agency that is bound, under the name that it had then."""

    class Kind(models.TextChoices):
        STATE = "state", "State"
        ORGANISATION = "organisation", "Organisation"
        AGENCY = "agency", "Agency"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    position = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.STATE)
    country = CountryField(blank=True, help_text="Of a foreign agency: its state.")
    agency = models.ForeignKey(
        "releases.Agency",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parties",
        help_text="An agency that is known here; it is shown under its name of the day of signing.",
    )
    name = models.CharField(
        max_length=200,
        blank=True,
        help_text="Empty for a state under its usual name, and for a known agency.",
    )

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(
                name="a_party_once",
                fields=["agreement", "kind", "country", "name"],
                condition=Q(agency__isnull=True),
            ),
            models.UniqueConstraint(name="an_agency_once", fields=["agreement", "agency"]),
            models.CheckConstraint(
                name="party_is_somebody", condition=~Q(country="", name="", agency__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name_on(localdate())

    def clean(self) -> None:
        """Each kind of party says who it is in its own field."""
        if self.kind == self.Kind.STATE and not self.country:
            raise ValidationError({"country": "Choose the state, or another kind of party."})
        if self.kind == self.Kind.ORGANISATION and not self.name:
            raise ValidationError({"name": "Type the name of the organisation."})
        if self.kind == self.Kind.AGENCY and not self.agency and not self.name:
            raise ValidationError({"agency": "Choose the agency, or type its name if it is not known here."})
        if self.kind != self.Kind.AGENCY and self.agency:
            raise ValidationError({"kind": "Choose “Agency” for a party that is an agency."})

    def name_on(self, day: date) -> str:
        """The typed name, else the agency's name that held on `day`, else the usual name of the state."""
        held = self.agency.name_on(day) if self.agency and not self.name else None
        return self.name or (held.name if held else "") or str(self.agency or countries.name(self.country))


class Signatory(models.Model):
    """Who signed for whom, with the office held that day."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatories")
    party = models.ForeignKey(Party, models.CASCADE, null=True, blank=True, related_name="signatories")
    person = models.CharField(max_length=200)
    office = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "signatories"

    def __str__(self) -> str:
        return self.person


class PublicWithEvidence(models.QuerySet[Fact]):
    def public(self, at: datetime) -> Self:
        """What the public may know of at the instant `at`.

        Public from the first live instant of the release that evidences it, or from `public_from`.
        """
        evidence = Edition.objects.on_record(at).filter(release=OuterRef("release_id"))
        return self.filter(Q(public_from__lte=at) | Exists(evidence))


class PartyAction(Sourced):
    """What one party did to be bound, or to be bound no more."""

    class Kind(models.TextChoices):
        SIGNATURE = "signature", "Signature"
        RATIFICATION = "ratification", "Ratification"
        ACCEPTANCE = "acceptance", "Acceptance"
        APPROVAL = "approval", "Approval"
        ACCESSION = "accession", "Accession"
        NOTIFICATION = "notification", "Notification of completion"
        PROVISIONAL = "provisional-application", "Provisional application"
        DENUNCIATION = "denunciation", "Denunciation"
        WITHDRAWAL = "withdrawal", "Withdrawal"

    party = models.ForeignKey(Party, models.CASCADE, related_name="actions")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    action_on = models.DateField("done on", help_text="When it signed, ratified, acceded …")
    effective_on = models.DateField("counts from", null=True, blank=True, help_text="From when that counts.")
    statement = models.TextField(blank=True, help_text="Declaration or reservation.")
    release = models.ForeignKey(
        "releases.Release",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="party_actions",
        help_text="The release that tells of it; the action becomes public with it.",
    )
    public_from = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When it is public without a release. Leave both empty to keep it hidden.",
    )

    objects = PublicWithEvidence.as_manager()

    class Meta:
        ordering = ["action_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {format_date(self.action_on)}"


class AgreementText(models.Model):
    """A text of the agreement in one language; public with the release whose annex it is."""

    class Kind(models.TextChoices):
        AUTHENTIC = "authentic", "Authentic text"
        COPY = "copy", "Certified true copy"
        CONSOLIDATED = "consolidated", "Consolidated text"
        TRANSLATION = "translation", "Courtesy translation"
        SUMMARY = "summary", "Summary"
        SIDE_LETTER = "side-letter", "Side letter"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.AUTHENTIC)
    language = models.CharField(max_length=35, default="en")
    blob = models.ForeignKey("releases.Blob", models.PROTECT, related_name="agreement_texts")

    class Meta:
        ordering = ["kind", "language"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.language})"


class Relation(models.Model):
    """`agreement` implements, amends, supersedes or belongs beside `other`."""

    class Kind(models.TextChoices):
        IMPLEMENTS = "implements", "Implements"
        AMENDS = "amends", "Amends"
        SUPERSEDES = "supersedes", "Supersedes"
        RELATED = "related", "Related to"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    other = models.ForeignKey(Agreement, models.CASCADE, related_name="related_by")

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(name="one_relation_a_pair", fields=["agreement", "kind", "other"]),
            models.CheckConstraint(name="no_relation_to_itself", condition=~Q(agreement=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.other}"


class AgreementEvent(Sourced):
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
        "releases.Release",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        help_text="The release that tells of it; the event becomes public with it.",
    )
    public_from = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When it is public without a release. Leave both empty to keep it hidden.",
    )

    objects = PublicWithEvidence.as_manager()

    class Meta:
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(name="one_event_a_kind_and_day", fields=["agreement", "kind", "date"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {format_date(self.date)}"


class Mention(models.Model):
    """A release that an editor has confirmed to be about an agreement, whatever its editions say; public with
    it."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="mentions")
    release = models.ForeignKey("releases.Release", models.PROTECT, related_name="mentions")

    class Meta:
        constraints = [models.UniqueConstraint(name="one_mention_a_release", fields=["agreement", "release"])]

    def __str__(self) -> str:
        return f"{self.release} about {self.agreement}"
