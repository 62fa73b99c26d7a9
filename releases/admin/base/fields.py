"""Fields and filters that more than one form of the desk has."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django_countries import countries

from releases.content.text.clock_changes import explain_clock_change
from releases.models import Party


class LinesField(forms.CharField):
    """A list of texts, typed one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 40})

    def __init__(self, *, encoder: object = None, decoder: object = None, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "help_text": "One a line."})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        return list(dict.fromkeys(line.strip() for line in (value or "").splitlines() if line.strip()))


class InstantMixin:
    """For fields of a day and a time: what the clocks of the newsroom's zone show twice or never on that day is
    refused in words that say what to type instead."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)  # type: ignore[misc]
        except ValidationError as error:
            for one in error.error_list:
                if one.code == "ambiguous_timezone" and one.params:
                    zone = timezone.get_current_timezone()
                    words = explain_clock_change(one.params["datetime"], zone)
                    raise ValidationError(words, code="ambiguous_timezone") from error
            raise


class InstantField(InstantMixin, forms.DateTimeField):
    """One field for both."""


class LocalTime(forms.DateTimeInput):
    """One input for day and time, in the newsroom's zone, which the page tells as a sentence."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        told = {"data-sentence": timezone.get_current_timezone_name(), **(attrs or {})}
        super().__init__(told, format="%Y-%m-%dT%H:%M")


class LocalTimeField(InstantField):
    """A day and a time in the newsroom's zone, as an aware instant."""

    widget = LocalTime

    def __init__(self, **options: Any) -> None:
        help_text = f"{options.pop('help_text', '')} In the newsroom's time.".strip()
        super().__init__(input_formats=["%Y-%m-%dT%H:%M"], help_text=help_text, **options)


class DayInput(forms.DateInput):
    """A day, in the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


TIMES: Any = {
    models.DateTimeField: {"form_class": LocalTimeField, "widget": LocalTime},
    models.DateField: {"widget": DayInput},
}
"""`formfield_overrides` of every form of the desk: days and times as the browser asks for them."""


class StateInput(forms.TextInput):
    """Offers, while one types, what the page's list of states has; shows a state by its name."""

    def __init__(self) -> None:
        super().__init__({"list": "states", "autocomplete": "off", "placeholder": "Name of the state"})


class StateField(forms.CharField):
    """A state by its name, or by its ISO code; the value is the code."""

    widget = StateInput
    default_error_messages: ClassVar[Any] = {
        "invalid_choice": "No state is called that here. Choose one from the list."
    }

    def prepare_value(self, value: Any) -> Any:
        return countries.name(str(value or "")) or value

    def to_python(self, value: Any) -> str:
        typed = " ".join(str(value or "").split())
        code = find_state(typed)
        if typed and not code:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return code

    def has_changed(self, initial: Any, data: Any) -> bool:
        typed = str(data or "").strip()
        return (find_state(typed) or typed) != str(initial or "")


def find_state(typed: str) -> str:
    """The ISO code of the state that is called so, or whose code this is; "" for none."""
    return str(countries.alpha2(typed) or countries.by_name(typed, insensitive=True))


class UsedCountries(admin.SimpleListFilter):
    """The countries that are parties, not all of the world."""

    title = "country"
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        codes = Party.objects.exclude(country="").order_by().values_list("country", flat=True).distinct()
        return sorted(((str(code), countries.name(code)) for code in codes), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        lookup = "country" if queryset.model is Party else "parties__country"
        return queryset.filter(**{lookup: self.value()}).distinct() if self.value() else queryset


class LoadedChoiceIterator(forms.models.ModelChoiceIterator):
    field: "LoadedChoiceField"

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield "", str(self.field.empty_label)
        yield from map(self.choice, self.field.loaded)


class LoadedChoiceField(forms.ModelChoiceField):
    """A choice of rows that are read once for all forms of a formset, which copy the field."""

    iterator = LoadedChoiceIterator

    def __init__(self, queryset: QuerySet[Any], **kwargs: Any) -> None:
        self._read: dict[str, list[Model]] = {}
        super().__init__(queryset, **kwargs)

    def share(self, rows: Iterable[Model]) -> None:
        """Offer these, which are at hand, instead of reading them."""
        self._read["rows"] = list(rows)

    def share_with(self, other: "LoadedChoiceField") -> None:
        """Read once for both, which offer the same."""
        other._read = self._read  # noqa: SLF001 (of its own kind)

    @property
    def loaded(self) -> list[Model]:
        """The rows; what was read is shared by all copies of the field."""
        if "rows" not in self._read:
            self._read["rows"] = [] if self.queryset is None else list(self.queryset)
        return self._read["rows"]
