"""Fields and filters that more than one form of the desk has."""

from django import forms
from django.contrib import admin
from django_countries import countries

from releases.models import Party


class LinesField(forms.CharField):
    """A list of texts, typed one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 40})

    def __init__(self, *, encoder=None, decoder=None, **kwargs):
        super().__init__(**{**kwargs, "help_text": "One a line."})

    def prepare_value(self, value):
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value):
        if isinstance(value, list):
            return value
        return list(dict.fromkeys(line.strip() for line in (value or "").splitlines() if line.strip()))


class UsedCountries(admin.SimpleListFilter):
    """The countries that are parties, not all of the world."""

    title = "country"
    parameter_name = "country"

    def lookups(self, request, model_admin):
        codes = Party.objects.exclude(country="").order_by().values_list("country", flat=True).distinct()
        return sorted(((str(code), countries.name(code)) for code in codes), key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        lookup = "country" if queryset.model is Party else "parties__country"
        return queryset.filter(**{lookup: self.value()}).distinct() if self.value() else queryset
