"""The editor's two views in place of django-markdownx's own, which ask nobody who they are and clean nothing."""

from functools import wraps

from django.http import HttpResponse, JsonResponse

from releases.content.rendering import BodyRefused
from releases.services import previews
from releases.services.illustrating import PictureRefused, store_picture


def for_editors(view):
    """POST by somebody who may change editions; anything else gets a short plain answer, never a page or a redirect."""

    @wraps(view)
    def wrapped(request):
        user = request.user
        if not (user.is_active and user.is_staff and user.has_perm("releases.change_edition")):
            return _plain("You may not do this.", 403)
        if request.method != "POST":
            return _plain("Only POST.", 405)
        response = view(request)
        response["Cache-Control"] = "private, no-store"
        return response

    return wrapped


@for_editors
def preview(request):
    if "content" not in request.POST:
        return _plain("The text is missing.", 400)
    try:
        return HttpResponse(previews.preview(request.POST["content"]))
    except BodyRefused as error:
        return _plain(str(error), 200)


@for_editors
def upload(request):
    file = request.FILES.get("image")
    if file is None:
        return _plain("The picture is missing.", 400)
    try:
        path = store_picture(file)
    except PictureRefused as error:
        return _plain(str(error), 400)
    return JsonResponse({"image_code": f"![Describe this image]({path})", "image_path": path})


def _plain(text, status):
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
