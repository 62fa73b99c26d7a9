from django.urls import path

from releases.admin.editions import markdown

urlpatterns = [  # the names that the editor's widget looks for
    path("markdownify/", markdown.preview, name="markdownx_markdownify"),
    path("upload/", markdown.upload, name="markdownx_upload"),
]
