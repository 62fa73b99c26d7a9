"""Some pages are shown only to somebody who lately proved who they are: a desk that was left open publishes
nothing, and a stolen session gives no roles."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from releases.services.accounts import proofs
from releases.templatetags.desk_tags import submitted_values


def ask_again(request: HttpRequest) -> HttpResponse | None:
    """What is shown instead of a page for which the proof is too old: where it can be given, or, once a form
    was sent, all that was typed with a button that sends it again. None where it is recent enough.
    """
    if proofs.is_recent(request.session):
        return None
    page = reverse("account_reauthenticate")
    if request.method != "POST":
        return HttpResponseRedirect(f"{page}?{urlencode({'next': request.get_full_path()})}")
    context = {
        "title": "Confirm that it is you",
        "proof": f"{page}?{urlencode({'next': reverse('proved')})}",
        "address": request.get_full_path(),
        "fields": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name != "csrfmiddlewaretoken" and "password" not in name
        ],
        "typed": submitted_values(request.POST),
        "has_permission": True,
    }
    return TemplateResponse(request, "admin/prove.html", context, status=403)
