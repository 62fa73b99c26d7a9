"""The outbox: administrators see what was sent to their people, and what could not be."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from releases.admin.base.authority import authority_of
from releases.admin.directory.readonly import RecordAdmin
from releases.models import Mail
from releases.services.mail import outbox


class Outcome(admin.SimpleListFilter):
    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("waiting", "Waiting"), ("sent", "Sent"), ("given-up", "Could not be sent")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Mail]) -> QuerySet[Mail]:
        match self.value():
            case "waiting":
                return queryset & Mail.objects.waiting()
            case "sent":
                return queryset.filter(sent_at__isnull=False)
            case "given-up":
                return queryset.filter(given_up_at__isnull=False)
        return queryset


@admin.register(Mail)
class MailAdmin(RecordAdmin):
    listed = "emails"
    list_display = ["recipient", "kind", "created_at", "attempts", "sent_at", "given_up_at", "problem"]
    list_filter = [Outcome, "kind"]
    list_select_related = ["recipient"]
    search_fields = ["recipient__username", "recipient__email", "problem"]
    exclude = ["key"]
    actions = ["try_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mail]:
        mine = outbox.of_administered(authority_of(request))
        return super().get_queryset(request).filter(pk__in=mine.values("pk"))

    @admin.action(description="Try again to send", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Mail]) -> None:
        number = outbox.try_again(queryset, timezone.now())
        self.message_user(request, f"Emails to be sent again: {number}.", messages.SUCCESS)
