"""What the fields of a form offer to choose from: nothing that whoever fills it in may not know of."""

from django.db.models import Q

from releases.models import Agreement, Blob, Release
from releases.services.accounts import permissions


class Choosing:
    """Nobody names in a row what they may not know of; what is named there already stays."""

    parent_key = "pk"

    def get_field_queryset(self, db, db_field, request):
        model = db_field.remote_field.model
        if (seen := _known_to(request.user, model)) is None:
            return super().get_field_queryset(db, db_field, request)
        rows = self.model._default_manager.filter(  # noqa: SLF001 (Django's name for it)
            **{self.parent_key: request.resolver_match.kwargs.get("object_id")}
        )
        return model.objects.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=rows.values(db_field.name)))


def _known_to(user, model):
    """The rows of `model` that `user` may know of; None where all may know all of them."""
    if model is Agreement:
        return permissions.agreements_for(user)
    if model is Release:
        return permissions.scoped(Release.objects.all(), user, "editions")
    return permissions.scoped(Blob.objects.all(), user, "annexes__edition") if model is Blob else None
