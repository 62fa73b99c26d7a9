import re

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from releases.services.feeds.linked_data import site_linked_data
from releases.services.website.newsroom import TEXTS
from releases.services.website.stylesheet import NAME, find_stylesheet
from releases.templatetags.public_tags import json_script_ld

register = template.Library()


@register.simple_tag
def stylesheet_address(colour: str) -> str:
    """Of the one stylesheet of a page, in the newsroom's colour, if any."""
    sheet = find_stylesheet(colour)
    return reverse("stylesheet", args=[sheet.digest]) if sheet else static(NAME)


@register.filter
def newsroom_page(name: str) -> str:
    """What a page of the newsroom's own is called, by its address."""
    return gettext(TEXTS[name])


@register.filter
def dialled(phone: str) -> str:
    """+6561234567, of +65 6123 4567."""
    return re.sub(r"[^+\d]", "", phone)


@register.simple_tag(takes_context=True)
def site_json_ld(context: template.Context) -> SafeString:
    """What the newsroom says of itself as JSON-LD."""
    frame, absolute = context["newsroom"], context["request"].build_absolute_uri
    picture = frame.shared_picture.address if frame.shared_picture else ""
    return json_script_ld(site_linked_data(frame.name, frame.line, picture, absolute))


@register.simple_tag(takes_context=True)
def release_json_ld(context: template.Context) -> SafeString:
    """What the view tells of a release, with the picture that stands for it where it is shared."""
    told, own = context["json_ld"], context["newsroom"].shared_picture
    if own and "image" not in told:
        told = told | {"image": context["request"].build_absolute_uri(own.address)}
    return json_script_ld(told)
