from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from releases.admin.base.concurrency import MergingForm
from releases.admin.base.ledger_entries import RecordedAdmin
from releases.admin.base.titles import TitledAdmin
from releases.models import Agency, Membership
from releases.services.accounts import members, permissions
from releases.services.accounts.permissions import Role, agencies_of
from releases.services.editions.transitions import ActionRefused
from releases.templatetags.desk_tags import short_datetime

RIGHTS = {"is_active", "is_staff", "is_superuser"}


class InviteForm(forms.Form):
    username = forms.SlugField(max_length=150)
    name = forms.CharField(max_length=300)
    email = forms.EmailField(required=False)
    agency = forms.ModelChoiceField(Agency.objects.none())
    role = forms.ChoiceField(choices=Membership.Role.choices)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = administered(user)


class LeaveForm(forms.Form):
    colleague = forms.ModelChoiceField(
        User.objects.filter(is_active=True, is_staff=True), required=False,
        help_text="Who takes over the drafts; needed where there are any.",
    )  # fmt: skip

    def __init__(self, *args, leaver, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = self.fields["colleague"].queryset.exclude(pk=leaver.pk)


class RoleForm(forms.ModelForm):
    """`actor` gives the role."""

    actor = None

    def clean(self):
        given = super().clean()
        if given.get("user") and given.get("agency"):
            for reason in members.why_not_grant(
                given["user"], given["agency"], actor=self.actor, urgent=given["urgent"]
            ):
                self.add_error("urgent", reason)
        return given


def _people_of(user):
    """Whose accounts `user` may end."""
    if user.is_superuser:
        return User.objects.filter(is_active=True)
    return User.objects.filter(memberships__agency__in=administered(user)).distinct()


def last_here(user):
    """The day and time to some minutes; what the last sign-in says where nobody was seen yet."""
    seen = user.presence.seen_at if hasattr(user, "presence") else user.last_login
    return short_datetime(seen) if seen else "never"


def administered(user):
    """The agencies whose people `user` may invite, promote and let go."""
    if user.is_superuser:
        return Agency.objects.all()
    return Agency.objects.filter(pk__in=agencies_of(user, Role.ADMINISTRATOR))


@admin.register(Membership)
class MembershipAdmin(TitledAdmin):
    """Who has which role for which agency, and when they were last here."""

    listed = "people and their roles"
    form = RoleForm
    list_display = ["user", "agency", "role", "urgent", "active", "last_here", "leaves"]
    list_filter = [("agency", admin.RelatedOnlyFieldListFilter), "role", "urgent"]
    list_select_related = ["user__presence", "agency"]
    search_fields = [
        "user__username",
        "user__first_name",
        "user__last_name",
        "agency__slug",
        "agency__acronym",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(agency__in=administered(request.user))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.actor = request.user
        return form

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "agency":
            kwargs["queryset"] = administered(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        """Roles are given and taken, each with an entry in the ledger."""
        return obj is None and super().has_change_permission(request, obj)

    @admin.display(description="Active", boolean=True)
    def active(self, membership):
        return membership.user.is_active

    @admin.display(description="Last here", ordering="user__presence__seen_at")
    def last_here(self, membership):
        return last_here(membership.user)

    @admin.display(description="Leaves")
    def leaves(self, membership):
        url = reverse("admin:releases_membership_leave", args=[membership.user_id])
        return format_html('<a href="{}">End the account of {}</a>', url, membership.user)

    def save_model(self, request, membership, form, change):
        kept = members.grant(
            membership.user, membership.agency, Role(membership.role), actor=request.user, at=timezone.now(),
            urgent=membership.urgent,
        )  # fmt: skip
        membership.pk = kept.pk

    def delete_model(self, request, membership):
        members.take(membership, actor=request.user, at=timezone.now())

    def delete_queryset(self, request, queryset):
        for membership in queryset:
            self.delete_model(request, membership)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path("invite/", wrap(self.invite_view), name="releases_membership_invite"),
            path("<int:user>/leave/", wrap(self.leave_view), name="releases_membership_leave"),
        ]
        return [*own, *super().get_urls()]

    def invite_view(self, request):
        """Makes an account; its holder sets the password through a link that is shown once."""
        self._require(request)
        form = InviteForm(request.POST or None, user=request.user)
        if request.method == "POST" and form.is_valid():
            values = {**form.cleaned_data, "role": Role(form.cleaned_data["role"])}
            try:
                user, uid, token = members.invite(
                    values.pop("username"), actor=request.user, at=timezone.now(), **values
                )
            except ActionRefused as refused:
                form.add_error("username", str(refused))
            else:
                url = request.build_absolute_uri(reverse("invitation", args=[uid, token]))
                words = format_html("Send {} this link to set a password: <code>{}</code>", user, url)
                self.message_user(request, words, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:releases_membership_changelist"))
        return self._page(request, "Invite somebody", form)

    def leave_view(self, request, user):
        """Ends an account and hands its drafts over."""
        self._require(request)
        leaver = get_object_or_404(_people_of(request.user), pk=user)
        form = LeaveForm(request.POST or None, leaver=leaver)
        if request.method == "POST" and form.is_valid():
            try:
                number = members.leave(leaver, actor=request.user, at=timezone.now(), **form.cleaned_data)
            except ActionRefused as refused:
                form.add_error("colleague", str(refused))
            else:
                self.message_user(
                    request, f"{leaver} has left. Drafts handed over: {number}.", messages.SUCCESS
                )
                return HttpResponseRedirect(reverse("admin:releases_membership_changelist"))
        drafts = members.in_hand(leaver)
        seen = drafts.filter(pk__in=permissions.editions_for(request.user).values("pk"))
        return self._page(
            request, f"{leaver} leaves", form, drafts=seen, others=drafts.count() - seen.count()
        )

    def _require(self, request):
        if not administered(request.user).exists():
            raise PermissionDenied

    def _page(self, request, title, form, **more):
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "form": form,
            "opts": self.opts,
            **more,
        }
        return TemplateResponse(request, "admin/releases/membership/form.html", context)


class AccountForm(MergingForm, UserChangeForm):
    def clean_is_active(self):
        """Somebody with drafts leaves by the page that hands them over."""
        active = self.cleaned_data["is_active"]
        if (
            not active
            and "is_active" in self.changed_data
            and (number := members.in_hand(self.instance).count())
        ):
            url = reverse("admin:releases_membership_leave", args=[self.instance.pk])
            words = format_html(
                'Drafts in hand: {}. <a href="{}">Let a colleague take them over</a>.', number, url
            )
            raise ValidationError(words)
        return active


admin.site.unregister(User)
admin.site.unregister(Group)  # rights come from roles for agencies, and from nowhere else


@admin.register(User)
class AccountAdmin(RecordedAdmin, UserAdmin):
    """For superusers. Roles by agency are in the memberships."""

    listed = "accounts"
    form = AccountForm
    list_display = ["username", "first_name", "last_name", "email", "is_active", "is_superuser", "last_here"]
    list_filter = ["is_active", "is_superuser"]
    list_select_related = ["presence"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["first_name", "last_name", "email"]}),
        (
            "Account",
            {"fields": ["is_active", "is_staff", "is_superuser", "last_login", "date_joined", "base"]},
        ),
    ]
    readonly_fields = ["last_login", "date_joined"]
    actions = ["end_sessions"]

    @admin.display(description="Last here", ordering="presence__seen_at")
    def last_here(self, user):
        return last_here(user)

    @admin.action(description="Sign out everywhere")
    def end_sessions(self, request, queryset):
        now = timezone.now()
        number = sum(members.sign_out(user, actor=request.user, at=now) for user in queryset)
        self.message_user(request, f"Sessions ended: {number}.", messages.SUCCESS)

    def save_row(self, request, obj, form, change):
        """A change of rights ends the sessions that began with others."""
        super().save_row(request, obj, form, change)
        if change and RIGHTS & set(form.changed_data) and obj != request.user:
            members.end_sessions(obj)

    def log_change(self, request, obj, message):
        """Django's page for a new password saves by itself, without the form of the account."""
        if request.resolver_match.url_name == "auth_user_password_change":
            self.record_change(request, obj, message)
        return super().log_change(request, obj, message)

    def has_delete_permission(self, request, obj=None):
        """The ledger names people; somebody who leaves is made inactive."""
        return False
