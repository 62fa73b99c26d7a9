"""Saving what two people had open at once: changes that do not touch combine, the others are shown and
chosen.

Each form carries what its fields held when it was opened, so that a save knows who changed what.
"""

import json
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection
from django.db.models import Model, QuerySet, UniqueConstraint
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from releases.admin.base import resubmission
from releases.admin.base.authority import authority_of
from releases.admin.base.deletion import CarefulDeletion
from releases.admin.base.field_merge import LIST, FieldKind, Merge, merge_fields, read_base
from releases.admin.base.fields import TIMES
from releases.admin.base.permitted_choices import Choosing, load_chosen
from releases.services.accounts.permissions import Authority
from releases.services.editions.digests import digest_rows

UNMERGED = ("base", "kept", "kept_annexes", "opened")
MEANWHILE = (
    "Somebody else has added the same meanwhile. Take yours out, or make it another one, then save again."
)
TAKEN = (
    "Something of this is taken: by what somebody else saved at the same moment, or by another row of the form. Nothing was"
    " saved. What you typed is below; go back, or copy what you need."
)
REFUSED = (
    "You may read this and not change it, so nothing was saved. What you typed is below; copy what you need."
)
CONFLICT = (
    "Somebody else changed this while you were editing. Theirs: <q class='theirs' data-value='{}'>{}</q>"
    " Yours is in the field. Change it as you like, then save again."
)


class BaseField(forms.CharField):
    """What the fields of a form held when it was opened; nothing that somebody typed."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def has_changed(self, initial: object, data: object) -> bool:
        return False


class MergingForm(forms.ModelForm):
    """A ModelForm that merges what was typed with what somebody else saved meanwhile.

    `merge` says what came of it, once the form is cleaned.
    """

    base = BaseField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.merge = Merge()
        if self.instance.pk and not self.is_bound:
            self.fields["base"].initial = json.dumps(self.db_values())

    def db_values(self) -> dict[str, str]:
        """What the database holds, each field as the text that a browser would send."""
        return {
            name: self.serialise(name, self.get_initial_for_field(self.fields[name], name))
            for name in self.mergeable_fields
        }

    def list_differences(self, typed: QueryDict) -> list[tuple[str, str, str]]:
        """The label, what is saved and what was typed, in words, of each field in which these differ."""
        saved = self.db_values()
        sent = {
            name: self.serialise(name, self.fields[name].widget.value_from_datadict(typed, {}, name))
            for name in saved
        }
        return [
            (
                str(self[name].label),
                self._words(name, saved[name]),
                self._words(name, sent[name]),
            )
            for name in saved
            if saved[name] != sent[name]
        ]

    @property
    def mergeable_fields(self) -> list[str]:
        """The fields that two people may both change."""
        return [
            name
            for name, field in self.fields.items()
            if name not in UNMERGED and not isinstance(field, forms.FileField) and not field.disabled
        ]

    def serialise(self, name: str, value: Any) -> str:
        """A value of the field as the text that a browser would send."""
        field = self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            return LIST.join(sorted(str(getattr(one, "pk", one)) for one in value or []))
        if isinstance(field, forms.MultiValueField):
            return LIST.join(str(part or "") for part in field.widget.decompress(value))
        shown = _shown(field, field.prepare_value(value))
        text = "" if shown is None else str(shown).replace("\r\n", "\n")
        return text.strip() if getattr(field, "strip", False) else text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        base = self.opened_with()
        if base and self.instance.pk:
            self.merge = self._merged_with(base, cleaned)
            for name, text in self.merge.texts.items():
                cleaned[name] = self._value(name, text)
            for name, text in self.merge.conflicts.items():
                self._ask(name, text)
        return cleaned

    def opened_with(self) -> Mapping[str, str | None]:
        """What the fields held when the form was opened; None where nobody can tell, so that nothing passes
        unseen."""
        held = read_base(self.cleaned_data.get("base"))
        return dict.fromkeys(self.db_values()) if held is None else held

    def _merged_with(self, base: Mapping[str, str | None], cleaned: Mapping[str, Any]) -> Merge:
        kinds = {name: self._kind(name) for name in self.mergeable_fields}
        mine = {name: self.serialise(name, cleaned[name]) for name in kinds if name in cleaned}
        return merge_fields(base, mine, self.db_values(), kinds)

    def _kind(self, name: str) -> FieldKind:
        field = self.fields[name]
        if isinstance(field.widget, forms.Textarea):
            return FieldKind.PROSE
        return FieldKind.SEVERAL if isinstance(field, forms.ModelMultipleChoiceField) else FieldKind.PLAIN

    def _value(self, name: str, text: str) -> Any:
        field = self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            return field.clean(text.split(LIST) if text else [])
        return field.clean(text.split(LIST) if isinstance(field, forms.MultiValueField) else text)

    def _ask(self, name: str, text: str) -> None:
        """Both are shown; what is in the field wins with the next save, since it was chosen knowingly."""
        theirs = self.merge.theirs[name]
        self.rebase(**{name: theirs})
        if self._kind(name) is FieldKind.PROSE:
            self.change_data(**{name: text})
        message = format_html(CONFLICT, theirs, self._words(name, theirs))
        self.add_error(name, ValidationError(message, code="conflict"))

    def rebase(self, **theirs: str) -> None:
        """From here on the form stands on what others saved."""
        held = {name: text for name, text in self.opened_with().items() if text is not None} | theirs
        self.cleaned_data["base"] = json.dumps(held)
        self.change_data(base=self.cleaned_data["base"])

    def change_data(self, **values: str) -> None:
        """Put these into fields of the form as if they had been sent, for when it is shown again."""
        data = cast(QueryDict, self.data).copy()
        for name, value in values.items():
            data[self.add_prefix(name)] = value
        self.data = data

    def _post_clean(self) -> None:
        """A row that nobody changed is as valid as it was when it was stored, so the database is not asked
        again."""
        if not self.instance.pk or self.has_changed():
            super()._post_clean()  # type: ignore[misc]

    def is_there_already(self) -> bool:
        """Whether another row says the same; Django leaves it to the database where a parent is part of the
        constraint."""
        try:
            for constraint in self.instance._meta.constraints:  # noqa: SLF001 (Django documents it so)
                if isinstance(constraint, UniqueConstraint):
                    exclude = self._get_validation_exclusions()  # type: ignore[attr-defined]
                    constraint.validate(type(self.instance), self.instance, exclude=exclude)
        except ValidationError:
            return True
        return False

    def conflict_summary(self) -> str:
        """What others changed, in words: "title: New"."""
        return "; ".join(
            f"{self[name].label}: {self._words(name, text)}"
            for name, text in self.merge.theirs.items()
            if name in self.fields
        )

    def merged_labels(self) -> list[str]:
        """The names, in words, of the fields that hold something of others beside what was typed."""
        return [self[name].label.lower() for name in self.merge.texts]

    def _words(self, name: str, text: str) -> str:
        """What a reader would call a value: the name of a choice, not its key."""
        choices = getattr(self.fields[name], "choices", None)
        if not choices:
            return text
        names = {str(key): str(label) for key, label in choices}
        return ", ".join(names.get(key, key) for key in text.split(LIST)) or "(empty)"


def _shown(field: forms.Field, value: Any) -> Any:
    """What a field shows of a value: the key of a row, a day or a time as its widget writes it."""
    if isinstance(value, Model):
        return value.pk
    if hasattr(value, "isoformat"):
        return (
            field.widget.format_value(value) if hasattr(field.widget, "format_value") else value.isoformat()
        )
    return value


class RowField(forms.ModelChoiceField):
    """The key of a row of a formset, which has read all its rows: none is asked for one by one."""

    def __init__(self, rows: QuerySet[Any], initial: Any) -> None:
        super().__init__(rows, initial=initial, required=False, widget=forms.HiddenInput)
        self.rows = rows

    def to_python(self, value: Any) -> Any:
        found = next((row for row in self.rows if str(row.pk) == str(value)), None)
        return found or super().to_python(value)


class MergingFormSet(forms.BaseInlineFormSet):
    """Rows that somebody else took out meanwhile leave the form, and what was typed in them is shown.

    A row that somebody else changed is not taken out before that was shown.
    """

    forms: list[Any]  # MergingForm

    def __init__(self, data: Any = None, files: Any = None, instance: Any = None, **kwargs: Any) -> None:
        self.vanished: list[str] = []
        super().__init__(data, files, instance, **kwargs)
        if self.is_bound and instance is not None and instance.pk:
            self._drop_vanished()

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        name = self.get_queryset().model._meta.pk.name  # noqa: SLF001 (Django documents it so)
        if isinstance(form.fields[name], forms.ModelChoiceField):
            form.fields[name] = RowField(self.get_queryset(), form.fields[name].initial)

    def _drop_vanished(self) -> None:
        held = {str(row.pk) for row in self.get_queryset()}
        data = cast(QueryDict, self.data).copy()
        for number in range(min(self.initial_form_count(), self.absolute_max)):
            prefix = self.add_prefix(number)
            pk = data.get(f"{prefix}-id", "")
            if pk and pk not in held:
                self._let_go(data, prefix)
        self.data = data

    def _let_go(self, data: QueryDict, prefix: str) -> None:
        """The row becomes an empty new one; it is told about where it had been changed."""
        names = [name for name in data if name.startswith(f"{prefix}-")]
        typed = {name.removeprefix(f"{prefix}-"): str(data[name]) for name in names}
        changed = self._changed_since_opened(typed)
        if changed and typed.get("DELETE", "") != "on":
            self.vanished.append(", ".join(f"{name}: {value}" for name, value in changed.items()))
        for name in names:
            del data[name]
        data[f"{prefix}-DELETE"] = "on"

    def _changed_since_opened(self, typed: Mapping[str, str]) -> dict[str, str]:
        """What was typed in a row since its form was opened; all of it, where nobody can tell what that
        held."""
        base = read_base(typed.get("base", ""))
        if base is None:
            return {
                name: value
                for name, value in typed.items()
                if name in self.form.base_fields and value and name != "base"
            }
        return {name: value for name, value in typed.items() if name in base and base[name] != value}

    def _refuse_what_is_there(self) -> None:
        """A row like one that somebody else added meanwhile, which this form does not show."""
        shown = [form.instance.pk for form in self.forms if form.instance.pk]
        if all(row.pk in shown for row in self.get_queryset()):
            return
        for form in self.forms:
            typed = form.has_changed() and form.is_valid() and not self._is_taken_out(form)
            if typed and form.is_there_already():
                form.add_error(None, MEANWHILE)

    def _is_taken_out(self, form: MergingForm) -> bool:
        return bool(form.cleaned_data.get("DELETE", False))

    def clean(self) -> None:
        super().clean()
        self._refuse_what_is_there()
        problems = [
            f"Somebody else took out what you were changing. You had typed {typed}."
            for typed in self.vanished
        ]
        changed = [form for form in self.forms if self._is_taken_out(form) and form.merge.theirs]
        problems += [
            f"Somebody else changed {form.instance} while you were taking it out ({form.conflict_summary()})."
            " Save again to take it out all the same."
            for form in changed
        ]
        for form in changed:
            form.rebase(**form.merge.theirs)
        if problems:
            raise ValidationError(problems)


class MergingInline(Choosing, admin.StackedInline):
    extra = 0
    form = MergingForm
    formfield_overrides = TIMES
    formset = MergingFormSet

    @property
    def parent_key(self) -> str:
        return str(_get_foreign_key(self.parent_model, self.model, fk_name=self.fk_name).name)

    def known_to(self, authority: Authority, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows that are shown to who may read the record and no more."""
        return rows


def is_saving(request: HttpRequest) -> bool:
    """Whether what is asked for changes something: Django begins a transaction for that, and for no history
    that is posted to."""
    return request.method == "POST" and connection.in_atomic_block


class MergingAdmin(Choosing, CarefulDeletion):
    """Locks the row that a save changes, so that of two saves at once the second sees the first."""

    form = MergingForm
    formfield_overrides = TIMES

    class Media:
        js = [forms.Script("releases/admin/recovery.js", type="module")]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        if is_saving(request) and str(object_id).isdecimal():
            self.lock(int(object_id))
            authority_of(request).forget_rows()
        return super().get_object(request, object_id, from_field)

    def lock(self, key: int) -> None:
        """Keep others from changing this row until the transaction ends."""
        rows = self.model._default_manager.select_for_update()  # noqa: SLF001 (Django's name for it)
        rows.filter(pk=key).values_list("pk").first()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Whoever may not change a row, or not any more since they opened it, is shown what they typed."""
        try:
            return self._tried_twice(request, object_id, form_url, extra_context)
        except PermissionDenied:
            if not (request.method == "POST" and object_id and self.has_view_permission(request)):
                raise
            return self.refuse_save(request, object_id)
        except IntegrityError:
            return self._not_saved(request, TAKEN, status=409)

    def _tried_twice(self, request: HttpRequest, *args: Any) -> HttpResponse:
        """Somebody took an address, or the same form came twice, between the look and the save: then the form
        says so."""
        try:
            return super().changeform_view(request, *args)
        except IntegrityError:
            return super().changeform_view(request, *args)

    def refuse_save(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What somebody gets who sends a form of a row that they may not change."""
        return self._not_saved(request, REFUSED, status=403)

    def _not_saved(self, request: HttpRequest, words: str, *, status: int) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Not saved",
            "words": words,
            "label": "Open the page again",
            "address": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/not_saved.html", context, status=status)

    def who_may(self, request: HttpRequest, obj: Any) -> str:
        """What somebody is told who can only read a row: who changes it."""
        return ""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj and not self.has_change_permission(request, obj) and (words := self.who_may(request, obj)):
            self.message_user(request, words, messages.WARNING)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)  # type: ignore[misc]

    def _changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        """The same form again, by Back or a second click, adds no row twice.

        Inside the transaction of the save.
        """
        left = resubmission.state_left_by(request) if request.method == "POST" and object_id else None
        found = self.get_object(request, unquote(object_id)) if left and object_id else None
        if found and self.state_of(found) == left:
            self.message_user(request, "Already saved; this is it.")
            return self.go_on(request, found) or HttpResponseRedirect(request.get_full_path())
        return super()._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> tuple[Any, Any]:
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        load_chosen(formsets)
        return formsets, inlines

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._stay(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._stay(request, obj) or super().response_change(request, obj)

    def _stay(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        """The page of the row again, with one word that all is saved, where the button asked for that."""
        if "_continue" not in request.POST or IS_POPUP_VAR in request.POST:
            return None
        self.message_user(request, "Saved.", messages.SUCCESS)
        page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[quote(obj.pk)])
        filters: Any = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(filters, page))

    def go_on(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        """What the button asked for beside saving, as a response; None where it asked for no more."""
        return None

    def state_of(self, obj: Any) -> str:
        """What differs between any two states of a row in which a form could find it, however it came to
        them."""
        return self.digest(obj)

    def digest(self, obj: Any) -> str:
        """Of the row and those of its inlines, as they are stored."""
        return self._digest_of_read(type(obj)._default_manager.get(pk=obj.pk))  # noqa: SLF001 (Django's name for it)

    def seen(self, obj: Any) -> str:
        """`digest`, of a row that was just read."""
        return self._digest_of_read(obj)

    def _digest_of_read(self, obj: Any) -> str:
        rows = [obj]
        for inline in self.inlines:
            key = _get_foreign_key(self.model, inline.model, fk_name=inline.fk_name)
            rows += inline.model._default_manager.filter(**{key.name: obj}).order_by("pk")  # noqa: SLF001
        return digest_rows(rows)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing yet: a row is saved with its parts, by `save_related`."""

    def save_row(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the row itself, without its parts."""
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the row, then its parts."""
        self.save_row(request, form.instance, form, change)
        self.tell_merged(request, form)
        super().save_related(request, form, formsets, change)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        resubmission.remember_save(request, self.state_of(obj))
        return super().log_change(request, obj, message)

    def tell_merged(self, request: HttpRequest, form: MergingForm) -> None:
        if isinstance(form, MergingForm) and (names := form.merged_labels()):
            words = f"A colleague also changed this. Both changes were kept ({', '.join(names)})."
            self.message_user(request, words)
