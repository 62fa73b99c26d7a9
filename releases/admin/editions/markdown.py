"""The editor's two views in place of django-markdownx's own, which ask nobody who they are and clean nothing.

Its script takes every answer for a success: a refusal must be something that `preview.js` can tell from one.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.html import format_html

from releases.content.markdown import BodyRefused
from releases.services.editing import previews
from releases.services.files.images import PictureRefused, store_picture

View = Callable[[HttpRequest], HttpResponse]
Refusal = Callable[[str, int], HttpResponse]


def for_editors(refusal: Refusal) -> Callable[[View], View]:
    """POST by somebody who may change editions; anything else gets `refusal(words, status)`, never a page or
    a redirect."""

    def decorator(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest) -> HttpResponse:
            user = request.user
            if not (user.is_active and user.is_staff and user.has_perm("releases.change_edition")):
                return refusal(
                    "You may not do this. Perhaps your session has ended: sign in in another tab.", 403
                )
            if request.method != "POST":
                return refusal("Only POST.", 405)
            response = view(request)
            response["Cache-Control"] = "private, no-store"
            return response

        return wrapped

    return decorator


def _in_the_preview(words: str, status: int) -> HttpResponse:
    return HttpResponse(format_html('<p class="markdownx-refused">{}</p>', words), status=status)


def _as_json(words: str, status: int) -> JsonResponse:
    return JsonResponse({"error": words}, status=status)


@for_editors(_in_the_preview)
def preview(request: HttpRequest) -> HttpResponse:
    """What the body of a page would show of the text that was sent."""
    if "content" not in request.POST:
        return _in_the_preview("The text is missing.", 400)
    try:
        return HttpResponse(previews.preview(request.POST["content"], request.GET.get("language", "en")))
    except BodyRefused as error:
        return _in_the_preview(str(error), 400)


@for_editors(_as_json)
def upload(request: HttpRequest) -> HttpResponse:
    """Keeps a picture; answers with the Markdown that shows it."""
    file = request.FILES.get("image")
    if file is None:
        return _as_json("The picture is missing.", 400)
    try:
        path = store_picture(file)
    except PictureRefused as error:
        return _as_json(str(error), 400)
    return JsonResponse({"image_code": f"![Describe this image]({path})", "image_path": path})
