from django.http import Http404
from django.shortcuts import render

from releases.public.pages import own_page
from releases.services.website import history


@own_page
def editions(request, now, release):
    found = list(history.list_public_editions(release, now))
    if not found:
        raise Http404
    return render(request, "releases/history.html", {"edition": found[0], "editions": found})


@own_page
def comparison(request, now, release, number):
    found = history.find_comparison(release, number, now)
    if found is None:
        raise Http404
    return render(request, "releases/comparison.html", {"comparison": found, "edition": found.after})
