"""What a browser would send: every field of the forms on a page, as it stands there."""

from django.urls import reverse
from django.utils import timezone


def sent(response, **changes):
    """The fields of an admin form and its inlines, with changes; None takes a field away."""
    values = {}
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and not getattr(bound.field.widget, "needs_multipart_form", False):
                values |= _plain(bound, value)
    values |= changes
    return {name: value for name, value in values.items() if value is not None}


def bring(client, values, *, follow=False, **decided):
    """Send a document, then make the draft of what was recognised in it; where the first is refused, its answer."""
    place = reverse("admin:releases_edition_from_document")
    shown = client.post(place, values)
    if "recognised" not in (shown.context or {}):
        return shown
    told = {name: value for name, value in shown.context["form"].initial.items() if value}
    told["section"] = told["section"].pk
    if wanted := told.pop("wanted_from", None):
        told["wanted_from"] = f"{timezone.localtime(wanted):%Y-%m-%dT%H:%M}"
    return client.post(place, {**told, **decided}, follow=follow)


def delete(client, url):
    """Ask for a deletion, then confirm it as the page that asks would."""
    asked = client.get(url).context or {}
    return client.post(url, {"post": "yes", "seen": asked.get("seen", "")})


def _plain(bound, value):
    widget = bound.field.widget
    if getattr(widget, "input_type", "") == "checkbox" and not isinstance(value, list):
        return {bound.html_name: "on"} if value else {}
    if hasattr(widget, "widgets") and hasattr(widget, "decompress"):
        parts = widget.decompress(value) if not isinstance(value, list) else value
        return {f"{bound.html_name}_{number}": str(part or "") for number, part in enumerate(parts)}
    if isinstance(value, list):
        return {bound.html_name: [str(getattr(one, "pk", one)) for one in value]}
    shown = widget.format_value(value) if hasattr(widget, "format_value") else value
    if isinstance(shown, list):
        shown = shown[0] if shown else ""
    return {bound.html_name: "" if shown is None else str(shown)}
