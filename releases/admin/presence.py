from django.utils import timezone

from releases.services.accounts import members


class RecordPresence:
    """Notes who is at the desk. It stands after the middleware that says who asks."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith("/admin/") and request.user.is_authenticated:
            members.seen(request.user, timezone.now())
        return self.get_response(request)
