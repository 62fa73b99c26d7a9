"""The HTML of plain inputs, selects, labels and of no errors, as Django's templates say it, without its
templates.

A form of an agreement has hundreds of inputs, options, labels and empty lists of errors in its rows, of which
Django renders each through a template or two.
"""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

_FOLDER = "django/forms/widgets/"
_INPUTS = {f"{_FOLDER}{kind}.html" for kind in ("date", "email", "hidden", "number", "text", "time", "url")}
_ERRORS = {f"django/forms/errors/list/{kind}.html" for kind in ("default", "ul")}


class FormRenderer(DjangoTemplates):
    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name in _INPUTS:
            return _input(context["widget"])
        if template_name == f"{_FOLDER}select.html":
            return _select(context["widget"])
        if template_name == "django/forms/label.html":
            return _label(context)
        if template_name in _ERRORS and not context["errors"]:
            return ""
        return super().render(template_name, context, request)


def _label(context: Mapping[str, Any]) -> str:
    if not context["use_tag"]:
        return conditional_escape(context["label"])
    tag = context["tag"]
    return format_html("<{}{}>{}</{}>", tag, _attributes(context["attrs"] or {}), context["label"], tag)


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else format_html(' value="{}"', str(widget["value"]))
    return format_html(
        '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, _attributes(widget["attrs"])
    )


def _select(widget: Mapping[str, Any]) -> SafeString:
    options = format_html_join("", "{}", ((_group(name, rows),) for name, rows, _ in widget["optgroups"]))
    return format_html(
        '<select name="{}"{}>{}\n</select>', widget["name"], _attributes(widget["attrs"]), options
    )


def _group(name: str | None, options: list[Mapping[str, Any]]) -> SafeString:
    rows = format_html_join(
        "",
        '\n  <option value="{}"{}>{}</option>\n',
        ((str(one["value"]), _attributes(one["attrs"]), conditional_escape(one["label"])) for one in options),
    )
    return format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, rows) if name else rows


def _attributes(attributes: Mapping[str, Any]) -> SafeString:
    """Each with its value; those that are True by their name alone, those that are False not at all."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html(" {}", name) if value is True else format_html(' {}="{}"', name, str(value)),)
            for name, value in attributes.items()
            if value is not False
        ),
    )
