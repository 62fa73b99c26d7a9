from django.utils import timezone


def moment(request):
    """Now; in a rehearsal, the instant that is rehearsed."""
    return getattr(request, "rehearsed_at", None) or timezone.now()
