from functools import update_wrapper

from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.csrf import csrf_failure

from releases.templatetags.desk_tags import typed

ENDED = "You are signed out, so this was not saved. What you typed is below; copy what you need, then sign in and go on."
STALE = "This form was opened before you signed in last, so it was not saved. What you typed is below; copy what you need."


class Desk(admin.AdminSite):
    """A form that comes when its session has ended is shown again, not thrown away for the page to sign in."""

    def admin_view(self, view, cacheable=False):
        guarded = super().admin_view(view, cacheable)

        def shown(request, *args, **kwargs):
            if typed(request.POST) and not self.has_permission(request):
                back = urlencode({"next": request.get_full_path()})
                return _not_saved(request, ENDED, "Sign in", f"{reverse('admin:login')}?{back}")
            return guarded(request, *args, **kwargs)

        return update_wrapper(shown, guarded)


def not_ours(request, reason=""):
    """A form without our token: at the desk most often one that was open while somebody signed in in another tab."""
    if not request.path_info.startswith("/admin/"):
        return csrf_failure(request, reason)
    return _not_saved(request, STALE, "Open the page again", request.get_full_path()).render()


def _not_saved(request, words, label, address):
    context = {
        **admin.site.each_context(request), "title": "Not saved", "words": words, "label": label, "address": address,
    }  # fmt: skip
    return TemplateResponse(request, "admin/not_saved.html", context, status=403)
