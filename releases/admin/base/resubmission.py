"""One form makes one release, however often it is sent: the name of the form is kept with the release."""

import hashlib
from uuid import UUID

from releases.services.accounts import permissions

KEPT = 20


def already(request):
    """The edition that exactly this form made before, sent again by Back or a second click; else None.

    Back may have emptied the fields of files; a file that was chosen since is nothing that was saved already.
    """
    opened = _opened(request)
    digest, files = request.session.get("sent", {}).get(str(opened)) or ("", [])
    if opened and digest == _digest(request) and set(_files(request)) <= set(files):
        return permissions.editions_for(request.user).filter(release__opened=opened).first()
    return None


def remember(request):
    """What the form held that made a release."""
    if opened := _opened(request):
        sent = request.session.get("sent", {})
        now = _digest(request), _files(request)
        request.session["sent"] = dict([*sent.items(), (str(opened), now)][-KEPT:])


def repeated(request, now):
    """Whether exactly this form was saved before and the row (`now`: its digest) is still what that save left.

    The session is read anew, since the first of two clicks may have written it after this request began.
    """
    stored = type(request.session)(request.session.session_key).load()
    return stored.get("saved", {}).get(_whole_digest(request)) == now


def saved(request, after):
    """The form as it was sent, and the digest of what it left; in the transaction of the save."""
    kept = [*request.session.get("saved", {}).items(), (_whole_digest(request), after)]
    request.session["saved"] = dict(kept[-KEPT:])
    request.session.save()


def _whole_digest(request):
    """Of everything typed and every byte chosen, and where."""
    total = hashlib.sha256(f"{request.path} {_digest(request)}".encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            total.update(f"{name} {file.name} {file.size}".encode())
            for chunk in file.chunks():
                total.update(chunk)
            file.seek(0)
    return total.hexdigest()


def _files(request):
    return [f"{name} {file.name} {file.size}" for name, files in request.FILES.lists() for file in files]


def _opened(request):
    try:
        return UUID(request.POST.get("opened", ""))
    except ValueError:
        return None


def _digest(request):
    """Of everything typed; the button and the files, which stand under their names in the draft, aside."""
    typed = [
        (name, request.POST.getlist(name))
        for name in request.POST
        if name[:1] != "_" and name != "csrfmiddlewaretoken"
    ]
    return hashlib.sha256(repr(sorted(typed)).encode()).hexdigest()
