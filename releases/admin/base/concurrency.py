"""Saving what two people had open at once: changes that do not touch combine, the others are shown and chosen.

Each form carries what its fields held when it was opened, so that a save knows who changed what.
"""

import json

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection
from django.db.models import Model, UniqueConstraint
from django.forms.models import _get_foreign_key
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html

from releases.admin.base import resubmission
from releases.admin.base.deletion import CarefulDeletion
from releases.admin.base.permitted_choices import Choosing
from releases.content.text.merge3 import merge
from releases.services.editions.digests import digest_rows

LIST = "\n"
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


class MergingForm(forms.ModelForm):
    """A ModelForm that merges what was typed with what somebody else saved meanwhile."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.merged = []
        self.theirs = {}
        if self.instance.pk:
            self.fields["base"].initial = json.dumps(self.stored())

    def stored(self):
        """What the database holds, each field as the text that a browser would send."""
        return {
            name: self.plain(name, self.get_initial_for_field(self.fields[name], name))
            for name in self.shared
        }

    @property
    def shared(self):
        """The fields that two people may both change."""
        left_out = (forms.FileField,)
        return [
            name for name, field in self.fields.items()
            if name not in ("base", "kept", "kept_annexes", "opened") and not isinstance(field, left_out) and not field.disabled
        ]  # fmt: skip

    def plain(self, name, value):
        field = self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            return LIST.join(sorted(str(getattr(one, "pk", one)) for one in value or []))
        if isinstance(field, forms.MultiValueField):
            return LIST.join(str(part or "") for part in field.widget.decompress(value))
        value = field.prepare_value(value)
        if isinstance(value, Model):
            value = value.pk
        if hasattr(value, "isoformat"):
            widget = getattr(field.widget, "format_value", None)
            value = widget(value) if widget else value.isoformat()
        text = "" if value is None else str(value).replace("\r\n", "\n")
        return text.strip() if getattr(field, "strip", False) else text

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        base = self.opened_with()
        if base and self.instance.pk:
            stored = self.stored()
            self.theirs = {
                name: stored[name] for name in stored if stored[name] != base.get(name, stored[name])
            }
            for name, theirs in self.theirs.items():
                if name in cleaned:
                    self._merge(name, base[name], theirs, cleaned)
        return cleaned

    def opened_with(self):
        """What the fields held when the form was opened; None where nobody can tell, so that nothing passes unseen."""
        held = read_base(self.cleaned_data.get("base"))
        return dict.fromkeys(self.stored()) if held is None else held

    def _merge(self, name, base, theirs, cleaned):
        """Take theirs, keep mine, bring both together, or ask."""
        mine = self.plain(name, cleaned[name])
        if base is None:
            text, whole = mine, mine == theirs
        elif self._is_prose(name):
            text, whole = merge(base, mine, theirs)
        elif isinstance(self.fields[name], forms.ModelMultipleChoiceField):
            text, whole = _both_choices(base, mine, theirs), True
        else:
            text, whole = (theirs if mine == base else mine), mine in (base, theirs)
        if text != mine:
            cleaned[name] = self._value(name, text)
            self.merged.append(name)
        if not whole:
            self._ask(name, text, theirs)

    def _is_prose(self, name):
        return isinstance(self.fields[name].widget, forms.Textarea)

    def _value(self, name, text):
        field = self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            return field.clean(text.split(LIST) if text else [])
        return field.clean(text.split(LIST) if isinstance(field, forms.MultiValueField) else text)

    def _ask(self, name, text, theirs):
        """Both are shown; what is in the field wins with the next save, since it was chosen knowingly."""
        self.know(**{name: theirs})
        if self._is_prose(name):
            self.data[self.add_prefix(name)] = text
        shown = self._words(name, theirs)
        message = format_html(
            "Somebody else changed this while you were editing. Theirs: <q class='theirs' data-value='{}'>{}</q>"
            " Yours is in the field. Change it as you like, then save again.",
            theirs, shown,
        )  # fmt: skip
        self.add_error(name, ValidationError(message, code="conflict"))

    def know(self, **theirs):
        """From here on the form stands on what others saved."""
        self.data = self.data.copy()
        held = {name: text for name, text in self.opened_with().items() if text is not None} | theirs
        self.data[self.add_prefix("base")] = self.cleaned_data["base"] = json.dumps(held)

    def is_there_already(self):
        """Whether another row says the same; Django leaves it to the database where a parent is part of the constraint."""
        try:
            for constraint in self.instance._meta.constraints:  # noqa: SLF001 (Django documents it so)
                if isinstance(constraint, UniqueConstraint):
                    exclude = self._get_validation_exclusions()
                    constraint.validate(type(self.instance), self.instance, exclude=exclude)
        except ValidationError:
            return True
        return False

    def told(self):
        """What others changed, in words: "title: New"."""
        return "; ".join(
            f"{self.fields[name].label or name}: {self._words(name, text)}" for name, text in self.theirs.items() if name in self.fields
        )  # fmt: skip

    def _words(self, name, text):
        """What a reader would call a value: the name of a choice, not its key."""
        choices = getattr(self.fields[name], "choices", None)
        if not choices:
            return text
        names = {str(key): str(label) for key, label in choices}
        return ", ".join(names.get(key, key) for key in text.split(LIST)) or "(empty)"


def _both_choices(base, mine, theirs):
    """What both chose of several: theirs, with what I added and without what I took out."""
    before, own, other = (set(filter(None, text.split(LIST))) for text in (base, mine, theirs))
    return LIST.join(sorted((other | (own - before)) - (before - own)))


def read_base(text):
    """{name: text, or None where it is none}; None for what is no base at all."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    return {name: value if isinstance(value, str) else None for name, value in found.items()}


class MergingFormSet(forms.BaseInlineFormSet):
    """Rows that somebody else took out meanwhile leave the form, and what was typed in them is shown.

    A row that somebody else changed is not taken out before that was shown.
    """

    def __init__(self, data=None, files=None, instance=None, **kwargs):
        self.vanished = []
        super().__init__(data, files, instance, **kwargs)
        if self.is_bound and instance is not None and instance.pk:
            self._drop_vanished()

    def _drop_vanished(self):
        held = {str(pk) for pk in self.get_queryset().values_list("pk", flat=True)}
        data = self.data.copy()
        for number in range(min(self.initial_form_count(), self.absolute_max)):
            prefix = self.add_prefix(number)
            pk = data.get(f"{prefix}-id", "")
            if pk and pk not in held:
                self._let_go(data, prefix)
        self.data = data

    def _let_go(self, data, prefix):
        """The row becomes an empty new one; it is told about where it had been changed."""
        typed = {
            name.removeprefix(f"{prefix}-"): data[name] for name in data if name.startswith(f"{prefix}-")
        }
        base = read_base(typed.pop("base", ""))
        if base is None:
            base = dict.fromkeys(
                name for name, value in typed.items() if name in self.form.base_fields and value
            )
        changed = {name: value for name, value in typed.items() if name in base and base[name] != value}
        if changed and typed.get("DELETE", "") != "on":
            self.vanished.append(", ".join(f"{name}: {value}" for name, value in changed.items()))
        for name in list(data):
            if name.startswith(f"{prefix}-"):
                del data[name]
        data[f"{prefix}-DELETE"] = "on"

    def _refuse_what_is_there(self):
        """A row like one that somebody else added meanwhile, which this form does not show."""
        shown = [form.instance.pk for form in self.forms if form.instance.pk]
        if all(row.pk in shown for row in self.get_queryset()):
            return
        for form in self.forms:
            typed = form.has_changed() and form.is_valid() and not self._should_delete_form(form)
            if typed and form.is_there_already():
                form.add_error(None, MEANWHILE)

    def clean(self):
        super().clean()
        self._refuse_what_is_there()
        problems = [
            f"Somebody else took out what you were changing. You had typed {typed}."
            for typed in self.vanished
        ]
        changed = [form for form in self.forms if self._should_delete_form(form) and form.theirs]
        problems += [
            f"Somebody else changed {form.instance} while you were taking it out ({form.told()})."
            " Save again to take it out all the same."
            for form in changed
        ]
        for form in changed:
            form.know(**form.theirs)
        if problems:
            raise ValidationError(problems)


class MergingInline(Choosing, admin.StackedInline):
    extra = 0
    form = MergingForm
    formset = MergingFormSet

    @property
    def parent_key(self):
        return _get_foreign_key(self.parent_model, self.model, fk_name=self.fk_name).name

    def known_to(self, user, rows):
        """Those of the rows that are shown to who may read the record and no more."""
        return rows


def is_saving(request):
    """Whether what is asked for changes something: Django begins a transaction for that, and for no history that is posted to."""
    return request.method == "POST" and connection.in_atomic_block


class MergingAdmin(Choosing, CarefulDeletion):
    """Locks the row that a save changes, so that of two saves at once the second sees the first."""

    form = MergingForm

    class Media:
        js = [forms.Script("releases/admin/recovery.js", type="module")]

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is not None and is_saving(request):
            self.model.objects.select_for_update().filter(pk=found.pk).first()
            found = super().get_object(request, object_id, from_field)
        return found

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Whoever may not change a row, or not any more since they opened it, is shown what they typed."""
        try:
            return self._tried_twice(request, object_id, form_url, extra_context)
        except PermissionDenied:
            if not (request.method == "POST" and object_id and self.has_view_permission(request)):
                raise
            words, status = REFUSED, 403
        except IntegrityError:
            words, status = TAKEN, 409
        context = {
            **self.admin_site.each_context(request), "title": "Not saved", "words": words,
            "label": "Open the page again", "address": request.get_full_path(),
        }  # fmt: skip
        return TemplateResponse(request, "admin/not_saved.html", context, status=status)

    def _tried_twice(self, request, *args):
        """Somebody took an address, or the same form came twice, between the look and the save: then the form says so."""
        try:
            return super().changeform_view(request, *args)
        except IntegrityError:
            return super().changeform_view(request, *args)

    def who_may(self, obj):
        """What somebody is told who can only read a row: who changes it."""
        return ""

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj and not self.has_change_permission(request, obj) and (words := self.who_may(obj)):
            self.message_user(request, words, messages.WARNING)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _changeform_view(self, request, object_id, form_url, extra_context):
        """The same form again, by Back or a second click, adds no row twice. Inside the transaction of the save."""
        found = (
            self.get_object(request, unquote(object_id)) if request.method == "POST" and object_id else None
        )
        if found and resubmission.repeated(request, self.digest(found)):
            self.message_user(request, "This was saved already.")
            return self.go_on(request, found) or HttpResponseRedirect(request.get_full_path())
        return super()._changeform_view(request, object_id, form_url, extra_context)

    def go_on(self, request, obj):
        """What the button asked for beside saving, as a response; None where it asked for no more."""

    def digest(self, obj):
        """Of the row and those of its inlines, as they are stored."""
        rows = [type(obj)._default_manager.get(pk=obj.pk)]  # noqa: SLF001 (Django's name for it)
        for inline in self.inlines:
            key = _get_foreign_key(self.model, inline.model, fk_name=inline.fk_name)
            rows += inline.model._default_manager.filter(**{key.name: obj}).order_by("pk")  # noqa: SLF001
        return digest_rows(rows)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        self.tell_merged(request, form)

    def log_change(self, request, obj, message):
        resubmission.saved(request, self.digest(obj))
        return super().log_change(request, obj, message)

    def tell_merged(self, request, form):
        if getattr(form, "merged", None):
            names = ", ".join(str(form.fields[name].label or name).lower() for name in form.merged)
            self.message_user(request, f"Somebody else had changed this too; both are kept ({names}).")
