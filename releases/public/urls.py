from django.urls import path, re_path, register_converter
from django.urls.converters import IntConverter, PathConverter
from django.views.generic import RedirectView

from releases.public import agreements, annexes, feeds, history, http, lists, newsroom, pages, previews
from releases.services.website.newsroom import TEXTS


class KeyConverter(IntConverter):
    """A number that a key of the database can be."""

    regex = "[0-9]{1,18}"


class AnyPathConverter(PathConverter):
    """Any path, line breaks too: an old file may have one in its name."""

    regex = "(?s:.+)"


register_converter(KeyConverter, "key")
register_converter(AnyPathConverter, "anypath")

urlpatterns = [
    path("", pages.home, name="home"),
    path("releases/", lists.releases, name="releases"),
    path("releases/feed.atom", feeds.atom, name="feed-atom"),
    path("releases/feed.json", feeds.json, name="feed-json"),
    path("releases/<key:release>/history/", history.editions, name="history"),
    path("releases/<key:release>/changes/<key:number>/", history.comparison, name="comparison"),
    path("agencies/", lists.agencies, name="agencies"),
    path("agencies/<slug:slug>/", lists.agency, name="agency"),
    path("agreements/", agreements.register_page, name="agreements"),
    path("agreements/register.csv", agreements.register_csv, name="agreements-csv"),
    path("agreements/<slug:slug>/", agreements.agreement, name="agreement"),
    path("agreements/<slug:slug>/data.json", agreements.data, name="agreement-data"),
    path("agreements/<slug:slug>/calendar.ics", agreements.calendar, name="agreement-calendar"),
    re_path("^annexes/(?P<sha256>[0-9a-f]{64})/$", annexes.annex, name="annex"),
    re_path("^annexes/(?P<sha256>[0-9a-f]{64})/file$", annexes.file, name="file"),
    re_path("^annexes/(?P<sha256>[0-9a-f]{64})/thumbnail.webp$", annexes.thumbnail, name="thumbnail"),
    re_path("^annexes/(?P<sha256>[0-9a-f]{64})/(?P<width>[0-9]{1,4}).webp$", annexes.picture, name="picture"),
    path("archive/", lists.archive, name="archive"),
    path("archive/<int:year>/", lists.archive_year, name="archive-year"),
    path("archive/<int:year>/<int:month>/", lists.archive_year, name="archive-month"),
    *(path(f"{name}/", newsroom.text, {"name": name}, name=name) for name in TEXTS),
    path(".well-known/security.txt", newsroom.security, name="security"),
    path("opensearch.xml", newsroom.search_description, name="opensearch"),
    re_path("^style/(?P<digest>[0-9a-f]{16}).css$", newsroom.stylesheet, name="stylesheet"),
    re_path(
        r"^newsroom/(?P<sha256>[0-9a-f]{64})\.(?P<suffix>png|webp|jpg|svg)$",
        newsroom.picture,
        name="newsroom-picture",
    ),
    path("favicon.ico", newsroom.icon, name="favicon"),
    path("feeds/", feeds.feeds, name="feeds"),
    path("open-data/", feeds.open_data, name="open-data"),
    path("accessibility/", lists.accessibility, name="accessibility"),
    path("language/<slug:code>/", lists.language, name="language"),
    path("robots.txt", feeds.robots, name="robots"),
    path("sitemap.xml", feeds.sitemap_index, name="sitemap-index"),
    path("sitemap-pages.xml", feeds.pages_sitemap, name="sitemap-pages"),
    path("sitemap-news.xml", feeds.news_sitemap, name="sitemap-news"),
    re_path(r"^sitemap-(?P<year>\d{4})-(?P<month>\d{2})\.xml$", feeds.sitemap, name="sitemap"),
    path("accounts/preview/<str:token>/", previews.preview, name="preview"),
    re_path(
        r"^accounts/preview/(?P<token>[\w-]+)/(?P<sha256>[0-9a-f]{64})/$", previews.file, name="preview-file"
    ),
    path(
        "api", http.never_stale(RedirectView.as_view(url="/api/", permanent=True)), name="api-without-slash"
    ),
    path("<anypath:path>", pages.page, name="page"),
]
