"""A release as a page, its issuers and annexes as its children. `?lists=1` adds the lists of Press Room's
page."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

NAME = {"max_length": 1_000}


class SectionPage(Page):
    """A section, with its releases below it."""


class ReleasePage(Page):
    """Press Room's list of releases with a similar title is left out: Wagtail has no query for it."""

    date = models.DateField(db_index=True)
    summary = models.TextField(blank=True)
    body = RichTextField(blank=True)
    agreements = models.ManyToManyField("Agreement", related_name="releases")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        issuers = list(self.issuers.all())
        context |= {"issuers": issuers, "annexes": self.annexes.all()}
        return context | self._lists(issuers) if "lists" in request.GET else context

    def _lists(self, issuers: list["Issuer"]) -> dict[str, Any]:
        pages = ReleasePage.objects.live()
        siblings = pages.child_of(self.get_parent())
        agreements = list(self.agreements.all())
        led = (
            pages.filter(issuers__agency=issuers[0].agency, issuers__sort_order=0)
            if issuers
            else pages.none()
        )
        about = pages.filter(agreements__in=agreements).distinct()
        return {
            "newer": siblings.filter(date__gt=self.date).order_by("date", "pk").first(),
            "older": siblings.filter(date__lt=self.date).order_by("-date", "-pk").first(),
            "agreements": agreements,
            "related": about.exclude(pk=self.pk).order_by("-date")[:5] if agreements else [],
            "from_lead": led.exclude(pk=self.pk).order_by("-date", "-pk")[:3],
        }


class Agreement(models.Model):
    slug = models.SlugField(max_length=200)
    title = models.CharField(**NAME)

    def __str__(self) -> str:
        return self.title


class Issuer(Orderable):
    page = ParentalKey(ReleasePage, on_delete=models.CASCADE, related_name="issuers")
    agency = models.SlugField(max_length=200)
    name = models.CharField(**NAME)


class Annex(Orderable):
    page = ParentalKey(ReleasePage, on_delete=models.CASCADE, related_name="annexes")
    label = models.CharField(**NAME)
    title = models.CharField(**NAME)
    path = models.CharField(**NAME)
    media_type = models.CharField(**NAME)
    size = models.BigIntegerField()
