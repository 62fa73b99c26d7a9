"""What the fields of a form offer to choose from: nothing that whoever fills it in may not know of."""

from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Q

from releases.admin.base.authority import authority_of
from releases.admin.base.titles import named
from releases.models import Agreement, Blob, Release
from releases.services.accounts.permissions import Authority


class ChosenSelect(AutocompleteSelect):
    """Shows what is chosen in it without a query, where `rows` (by key) have it."""

    rows = None

    def optgroups(self, name, value, attr=None):
        if self.rows is None:
            return super().optgroups(name, value, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        for key in value:
            if row := self.rows.get(key):
                label = self.choices.field.label_from_instance(row)
                options.append(self.create_option(name, row.pk, label, True, len(options)))
        return [(None, options, 0)]


def load_chosen(formsets):
    """Read what the stored rows of formsets that nobody has sent yet name, each kind by one query for all of them."""
    found = list(_stored_choices(formsets))
    for model in {model for _, _, model in found}:
        _show_chosen(model, [(form, name) for form, name, one in found if one is model])
    for formset in formsets:
        for form in formset.initial_forms:
            relate(form.instance, formset.fk.name, formset.instance)


def _stored_choices(formsets):
    """(form, field's name, model) of every choice of a stored row."""
    unsent = (formset for formset in formsets if not formset.is_bound)
    for form in (form for formset in unsent for form in formset.initial_forms):
        for name, field in form.fields.items():
            if isinstance(getattr(field.widget, "widget", field.widget), ChosenSelect):
                yield form, name, field.queryset.model


def _show_chosen(model, places):
    """Give the fields at these places (form, name) the rows of `model` that they name, in one query."""
    rows = _as_called(model).in_bulk({form.initial[name] for form, name in places} - {None})
    shown = {str(key): row for key, row in rows.items()}
    for form, name in places:
        widget = form.fields[name].widget
        getattr(widget, "widget", widget).rows = shown
        relate(form.instance, name, rows.get(form.initial[name]))


def _as_called(model):
    """Rows of `model` with what says how each is called, and no more of what is long."""
    if model is Release:
        return named(Release.objects.all())
    return Blob.objects.defer("text") if model is Blob else model.objects.all()


def relate(row, name, other):
    """Let a row have the other one, of the key that it holds, without a query."""
    field = row._meta.get_field(name)  # noqa: SLF001 (Django documents it so)
    if other is not None and not field.is_cached(row):
        setattr(row, name, other)


class Choosing:
    """Nobody names in a row what they may not know of; what is named there already stays."""

    parent_key = "pk"

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ChosenSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_field_queryset(self, db, db_field, request):
        model = db_field.remote_field.model
        if (seen := _known_to(authority_of(request), model)) is None:
            return super().get_field_queryset(db, db_field, request)
        rows = self.model._default_manager.filter(  # noqa: SLF001 (Django's name for it)
            **{self.parent_key: request.resolver_match.kwargs.get("object_id")}
        )
        return model.objects.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=rows.values(db_field.name)))


def _known_to(authority: Authority, model):
    """The rows of `model` that somebody may know of; None where all may know all of them."""
    if model is Agreement:
        return authority.agreements
    if model is Release:
        return authority.scope(Release.objects.all(), "editions")
    return authority.scope(Blob.objects.all(), "annexes__edition") if model is Blob else None
