"""One form makes one release, however often it is sent: the token of the form is kept with the release."""

import hashlib
from uuid import UUID

from django.http import HttpRequest

from releases.admin.base.authority import authority_of
from releases.models import Edition

REMEMBERED_FORMS = 20


def duplicate_of(request: HttpRequest) -> Edition | None:
    """The edition that exactly this form made before, sent again by Back or a second click; else None.

    Back may have emptied the fields of files; a file that was chosen since is nothing that was saved already.
    """
    token = _form_token(request)
    digest, files = request.session.get("sent", {}).get(str(token)) or ("", [])
    if token and digest == _digest(request) and set(_files(request)) <= set(files):
        return authority_of(request).editions.filter(release__opened=token).first()
    return None


def remember(request: HttpRequest) -> None:
    """What the form held that made a release."""
    if token := _form_token(request):
        sent = request.session.get("sent", {})
        now = _digest(request), _files(request)
        request.session["sent"] = dict([*sent.items(), (str(token), now)][-REMEMBERED_FORMS:])


def state_left_by(request: HttpRequest) -> str | None:
    """The state of the row after exactly this form was saved before; None for a form that is new.

    Where the row is still in that state, the form is a second click. The session is read anew, since the
    first of two clicks may have written it after this request began.
    """
    stored = type(request.session)(request.session.session_key).load()
    left = stored.get("saved", {}).get(_whole_digest(request))
    return str(left) if left else None


def remember_save(request: HttpRequest, state: str) -> None:
    """The form as it was sent, and the state in which it left the row; in the transaction of the save."""
    kept = [*request.session.get("saved", {}).items(), (_whole_digest(request), state)]
    request.session["saved"] = dict(kept[-REMEMBERED_FORMS:])
    request.session.save()
    request.session.modified = False  # it is stored; nothing is left to write when the request ends


def _whole_digest(request: HttpRequest) -> str:
    """Of everything typed and every byte chosen, and where."""
    total = hashlib.sha256(f"{request.path} {_digest(request)}".encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            total.update(f"{name} {file.name} {file.size}".encode())
            for chunk in file.chunks():
                total.update(chunk)
            file.seek(0)
    return total.hexdigest()


def _files(request: HttpRequest) -> list[str]:
    return [f"{name} {file.name} {file.size}" for name, files in request.FILES.lists() for file in files]


def _form_token(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("opened", ""))
    except ValueError:
        return None


def _digest(request: HttpRequest) -> str:
    """Of everything typed; the button and the files, which stand under their names in the draft, aside."""
    typed = [
        (name, request.POST.getlist(name))
        for name in request.POST
        if name[:1] != "_" and name != "csrfmiddlewaretoken"
    ]
    return hashlib.sha256(repr(sorted(typed)).encode()).hexdigest()
