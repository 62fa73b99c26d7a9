"""Who asks for a page of the desk, as what they may see and do."""

from django.http import HttpRequest
from django.utils import timezone

from releases.services.accounts.permissions import Authority


def authority_of(request: HttpRequest) -> Authority:
    """What may be seen and done by whoever sent `request`, as of its first look; made once a request.

    It remembers what it read of rows: whoever locks or changes some calls its `forget_rows`.
    """
    if "authority" not in vars(request):
        vars(request)["authority"] = Authority(request.user, timezone.now())
    found: Authority = vars(request)["authority"]
    return found
