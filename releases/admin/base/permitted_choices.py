"""What the fields of a form offer to choose from: nothing that whoever fills it in may not know of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from releases.admin.base.authority import authority_of
from releases.admin.base.titles import named
from releases.models import Agreement, Blob, Release
from releases.services.accounts.permissions import Authority


class ChosenSelect(AutocompleteSelect):
    """Shows what is chosen in it without a query, where `rows` (by key) have it."""

    rows: Mapping[str, Model] | None = None

    def optgroups(
        self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None
    ) -> list[tuple[str | None, list[dict[str, Any]], int | None]]:
        if self.rows is None:
            return super().optgroups(name, value, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        for key in value:
            if row := self.rows.get(key):
                label = self.choices.field.label_from_instance(row)
                options.append(self.create_option(name, row.pk, label, True, len(options)))
        return [(None, options, 0)]


def load_chosen(formsets: Iterable[Any]) -> None:
    """Read what the stored rows of formsets that nobody has sent yet name, each kind by one query for all of
    them."""
    found = list(_stored_choices(formsets))
    for model in {one.model for one in found}:
        _show_chosen(model, [one for one in found if one.model is model])
    for formset in formsets:
        for form in formset.initial_forms:
            relate(form.instance, formset.fk.name, formset.instance)


class _Choice(NamedTuple):
    """A field of a form, by its name, in which rows of a model are chosen."""

    form: ModelForm[Any]
    name: str
    model: type[Model]


def _stored_choices(formsets: Iterable[Any]) -> Iterator[_Choice]:
    """Every choice of a stored row."""
    unsent = (formset for formset in formsets if not formset.is_bound)
    for form in (form for formset in unsent for form in formset.initial_forms):
        for name, field in form.fields.items():
            if isinstance(getattr(field.widget, "widget", field.widget), ChosenSelect):
                yield _Choice(form, name, field.queryset.model)


def _show_chosen(model: type[Model], places: Sequence[_Choice]) -> None:
    """Give the fields at these places the rows of `model` that they name, in one query."""
    rows = _as_called(model).in_bulk({place.form.initial[place.name] for place in places} - {None})
    shown = {str(key): row for key, row in rows.items()}
    for form, name, _ in places:
        widget: Any = form.fields[name].widget
        getattr(widget, "widget", widget).rows = shown
        relate(form.instance, name, rows.get(form.initial[name]))


def _as_called(model: type[Model]) -> QuerySet[Any]:
    """Rows of `model` with what says how each is called, and no more of what is long."""
    if model is Release:
        return named(Release.objects.all())
    if model is Blob:
        return Blob.objects.defer("text")
    return model._default_manager.all()  # noqa: SLF001 (Django's name for it)


def relate(row: Model, name: str, other: Model | None) -> None:
    """Let a row have the other one, of the key that it holds, without a query."""
    field: Any = row._meta.get_field(name)  # noqa: SLF001 (Django documents it so)
    if other is not None and not field.is_cached(row):
        setattr(row, name, other)


class Choosing(BaseModelAdmin):
    """Nobody names in a row what they may not know of; what is named there already stays."""

    @property
    def parent_key(self) -> str:
        """By which field a row belongs to the record whose page it is on."""
        return "pk"

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ChosenSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        model = db_field.remote_field.model
        if (seen := _known_to(authority_of(request), model)) is None:
            return super().get_field_queryset(db, db_field, request)
        key = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        rows = self.model._default_manager.filter(**{self.parent_key: key})  # noqa: SLF001 (Django's name for it)
        return model.objects.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=rows.values(db_field.name)))


def _known_to(authority: Authority, model: type[Model]) -> QuerySet[Any] | None:
    """The rows of `model` that somebody may know of; None where all may know all of them."""
    if model is Agreement:
        return authority.agreements
    if model is Release:
        return authority.scope(Release.objects.all(), "editions")
    return authority.scope(Blob.objects.all(), "annexes__edition") if model is Blob else None
