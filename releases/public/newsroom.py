"""What the newsroom says of itself: pages and pictures of its own, how to report a hole in security, how a browser
searches here."""

import datetime as dt
from xml.etree import ElementTree as ET

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.timezone import localdate

from releases.public import annexes, files
from releases.public.pages import own_page
from releases.services.website.newsroom import TEXTS, find_frame, find_text
from releases.services.website.resolver import File
from releases.services.website.stylesheet import find_stylesheet
from releases.templatetags.newsroom_tags import stylesheet_address

LONGEST_SHORT_NAME = 16
"""Of OpenSearch 1.1."""
KEPT = "public, max-age=31536000, immutable"
VALID_FOR = dt.timedelta(days=180)
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"


@own_page()
def text(request: HttpRequest, now: dt.datetime, name: str) -> HttpResponse:
    """A page of TEXTS; 404 where the newsroom says nothing there."""
    if name not in find_frame(now).texts:
        raise Http404
    context = {"name": name, "title": TEXTS[name], "text": find_text(name)}
    return render(request, "releases/newsroom.html", context)


@own_page()
def security(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    """RFC 9116: to whom a hole in security is reported."""
    contact = find_frame(now).security_contact
    if not contact:
        raise Http404
    expires = dt.datetime.combine(localdate(now) + VALID_FOR, dt.time.min, dt.UTC)
    lines = [
        f"Contact: {contact if contact.startswith('https://') else f'mailto:{contact}'}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {request.build_absolute_uri(reverse('security'))}",
        "Preferred-Languages: en",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@own_page()
def search_description(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    """OpenSearch 1.1: how a browser searches this site from its address bar."""
    frame = find_frame(now)
    name = frame.name
    root = ET.Element("OpenSearchDescription", xmlns=OPENSEARCH)
    ET.SubElement(root, "ShortName").text = name[:LONGEST_SHORT_NAME].strip()
    ET.SubElement(root, "Description").text = name
    ET.SubElement(root, "InputEncoding").text = "UTF-8"
    address = request.build_absolute_uri(reverse("releases"))
    ET.SubElement(root, "Url", type="text/html", template=f"{address}?q={{searchTerms}}")
    if frame.logo and frame.logo.is_square:
        size = {"width": str(frame.logo.width), "height": str(frame.logo.height)}
        address, kind = frame.logo.address, frame.logo.media_type
    else:
        size, address, kind = {"width": "32", "height": "32"}, reverse("favicon"), "image/x-icon"
    ET.SubElement(root, "Image", size, type=kind).text = request.build_absolute_uri(address)
    found = ET.tostring(root, encoding="unicode", xml_declaration=True)
    return HttpResponse(found, content_type="application/opensearchdescription+xml; charset=utf-8")


@own_page()
def stylesheet(request: HttpRequest, now: dt.datetime, digest: str) -> HttpResponse:
    """The stylesheet with the office's colour and the theme's tokens; from an older address, where it is now."""
    sheet = find_stylesheet(find_frame(now).colour)
    if sheet is None or sheet.digest != digest:
        return HttpResponseRedirect(stylesheet_address(find_frame(now).colour))
    response = HttpResponse(sheet.text, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = KEPT
    return response


@own_page()
def picture(request: HttpRequest, now: dt.datetime, sha256: str, suffix: str) -> HttpResponseBase:
    """A logo or the social picture, as long as it is one."""
    frame = find_frame(now)
    for own in (frame.logo, frame.logo_dark, frame.social_picture):
        if own and own.address == request.path_info:
            response = files.serve(request, File(own.address, own.sha256, own.size, own.media_type, ""))
            if response.status_code in (200, 206, 304):
                response["Cache-Control"] = annexes.KEPT
            return response
    raise Http404


@own_page()
def icon(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    """Where browsers look for it that read no page."""
    return HttpResponseRedirect(static("releases/favicon.ico"))
