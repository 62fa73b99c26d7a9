from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from releases.content import permalinks
from releases.models import Address, Agency, AgencyName, Redirect, Section


class NameInline(admin.StackedInline):
    model = AgencyName
    extra = 0


@admin.register(Agency)
class AgencyAdmin(admin.ModelAdmin):
    list_display = ["slug", "acronym", "current_name", "kind", "successor", "is_active"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["successor"]
    search_fields = ["slug", "acronym", "names__name"]
    prepopulated_fields = {}
    inlines = [NameInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("names")

    @admin.display(description="Name")
    def current_name(self, agency):
        names = list(agency.names.all())
        return names[-1].name if names else ""


class AddressForm(forms.ModelForm):
    """A model whose address is typed as a path."""

    path = forms.CharField(max_length=1000, strip=True, widget=forms.TextInput(attrs={"class": "vTextField"}))
    kind = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and hasattr(self.instance, "address"):
            self.fields["path"].initial = self.instance.address.path

    def clean_path(self):
        try:
            path = permalinks.normalise(self.cleaned_data["path"])
        except permalinks.PermalinkError as error:
            raise ValidationError(str(error)) from error
        taken = Address.objects.at(path).exclude(pk=self.address.pk if self.address else None).first()
        if taken:
            raise ValidationError(f"This address is taken by a {taken.get_kind_display().lower()}.")
        return path

    @property
    def address(self):
        return getattr(self.instance, "address", None) if self.instance.pk else None

    def save_address(self, **owner):
        """The address of the typed path, made or moved."""
        address = self.address or Address(kind=self.kind, **owner)
        address.path = self.cleaned_data["path"]
        address.save()
        return address


class SectionForm(AddressForm):
    kind = Address.Kind.SECTION

    class Meta:
        model = Section
        fields = ["title", "release_label", "parent", "folder"]


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    form = SectionForm
    list_display = ["title", "folder", "release_label", "parent"]
    list_select_related = ["parent"]
    search_fields = ["title", "folder"]
    fields = ["title", "path", "release_label", "parent", "folder"]

    def save_model(self, request, section, form, change):
        super().save_model(request, section, form, change)
        form.save_address(section=section)


class RedirectForm(AddressForm):
    kind = Address.Kind.REDIRECT

    class Meta:
        model = Redirect
        fields = ["release", "target", "valid_from"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("target") and cleaned.get("target") == cleaned.get("path"):
            self.add_error("target", "This redirect would lead to itself.")
        return cleaned


@admin.register(Redirect)
class RedirectAdmin(admin.ModelAdmin):
    form = RedirectForm
    list_display = ["__str__", "valid_from", "origin"]
    list_filter = ["origin"]
    list_select_related = ["address", "release"]
    search_fields = ["address__path", "target"]
    raw_id_fields = ["release"]
    fields = ["path", "target", "release", "valid_from"]

    def save_model(self, request, redirect, form, change):
        redirect.address = form.save_address()
        super().save_model(request, redirect, form, change)
