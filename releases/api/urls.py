from django.urls import path

from releases.api import metrics
from releases.api.views import api, index, not_found

urlpatterns = [
    path("", index, name="api-index"),
    path("", api.urls),
    path("metrics", metrics.metrics, name="metrics"),
    path("<path:path>", not_found, name="api-not-found"),
]
