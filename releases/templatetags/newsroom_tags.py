import re

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext

from releases.services.website.newsroom import TEXTS
from releases.services.website.stylesheet import NAME, find_stylesheet

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
