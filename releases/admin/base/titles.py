from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from releases.models import Edition


def with_names(rows: QuerySet) -> QuerySet:
    """Rows with a `release`; what the releases are called takes one query for all of them."""
    live = Edition.objects.live(timezone.now()).defer("body", "body_html")
    return rows.prefetch_related(Prefetch("release__editions", live, to_attr="known_editions"))


class TitledAdmin(admin.ModelAdmin):
    """A list is called by what it lists."""

    listed = ""

    def changelist_view(self, request, extra_context=None):
        title = self.listed or str(self.opts.verbose_name_plural)
        return super().changelist_view(
            request, {"title": title[:1].upper() + title[1:], **(extra_context or {})}
        )
