import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from releases.public.pages import own_page
from releases.services.website import history


@own_page()
def editions(request: HttpRequest, now: dt.datetime, release: int) -> HttpResponse:
    """The editions of a release that have been public, the newest first; 404 while the release is not
    live."""
    found = list(history.list_public_editions(release, now))
    if not found:
        raise Http404
    return render(request, "releases/history.html", {"edition": found[0], "editions": found})


@own_page()
def comparison(request: HttpRequest, now: dt.datetime, release: int, number: int) -> HttpResponse:
    """What an edition changed; 404 where it or the one before it was never public."""
    found = history.find_comparison(release, number, now)
    if found is None:
        raise Http404
    return render(request, "releases/comparison.html", {"comparison": found, "edition": found.after})
