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


class LoadedChoiceIterator(forms.models.ModelChoiceIterator):
    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from map(self.choice, self.field.loaded)


class LoadedChoiceField(forms.ModelChoiceField):
    """A choice of rows that are read once for all forms of a formset, which copy the field."""

    iterator = LoadedChoiceIterator

    def __init__(self, queryset, **kwargs):
        self._read = {}
        super().__init__(queryset, **kwargs)

    def share(self, rows):
        """Offer these, which are at hand, instead of reading them."""
        self._read["rows"] = rows

    def share_with(self, other):
        """Read once for both, which offer the same."""
        other._read = self._read  # noqa: SLF001 (of its own kind)

    @property
    def loaded(self):
        """The rows; what was read is shared by all copies of the field."""
        if "rows" not in self._read:
            self._read["rows"] = list(self.queryset)
        return self._read["rows"]
