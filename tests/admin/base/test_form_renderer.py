"""Plain inputs and selects are what Django's own templates make of them, byte by byte."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from releases.admin.base.form_renderer import FormRenderer

CHOICES = [
    ("", "---------"),
    ("a", 'A <b> "quoted" & more'),
    (1, "One"),
    ("Group <x>", [("b", mark_safe("<i>safe</i>")), ("c", 3.5)]),
]
ATTRIBUTES = {"id": "x", "required": True, "disabled": False, "data-words": '"<&>"', "rows": 3}


@pytest.mark.parametrize("value", [None, "", "plain", "<script>\"'&", mark_safe("&amp;"), 0, 1234567])
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput,
        forms.HiddenInput,
        forms.NumberInput,
        forms.EmailInput,
        forms.URLInput,
        forms.DateInput,
        forms.TimeInput,
    ],
)
def test_an_input(widget, value):
    told = [
        widget(ATTRIBUTES).render("n<1>", value, renderer=one()) for one in (FormRenderer, DjangoTemplates)
    ]
    assert told[0] == told[1]


@pytest.mark.parametrize("value", [None, "", "a", 1, "b", ["a", "c"]])
@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple])
def test_a_select(widget, value):
    made = widget(attrs=ATTRIBUTES, choices=CHOICES)
    told = [made.render("name", value, renderer=one()) for one in (FormRenderer, DjangoTemplates)]
    assert told[0] == told[1]


class NameForm(forms.Form):
    name = forms.CharField(label='A <name> of "theirs"', help_text="As it is written.")
    kind = forms.ChoiceField(choices=CHOICES, label=mark_safe("<b>Kind</b>"), required=False)
    both = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)


@pytest.mark.parametrize("data", [None, {}, {"name": "<x>", "kind": "a", "both": ["b"]}])
def test_a_form_with_its_labels_and_errors(data):
    told = [NameForm(data, renderer=one()).as_div() for one in (FormRenderer, DjangoTemplates)]
    assert told[0] == told[1]
    labels = [
        NameForm(renderer=one())["name"].label_tag(attrs=ATTRIBUTES)
        for one in (FormRenderer, DjangoTemplates)
    ]
    assert labels[0] == labels[1]
