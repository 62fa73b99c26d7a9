"""The desk's pages of people: their roles, invitations, leaving, accounts."""

from typing import Any, cast

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from releases.admin.base import reauthentication
from releases.admin.base.authority import authority_of
from releases.admin.base.concurrency import MergingForm
from releases.admin.base.filters import UsedFilter
from releases.admin.base.ledger_entries import RecordedAdmin
from releases.admin.base.titles import MOST_ENTRIES, BoundedChanges, TitledAdmin
from releases.models import Agency, LedgerEntry, Membership, SuperuserGrant
from releases.services.accounts import factor_resets, members, second_factor, superusers
from releases.services.accounts.people import name_person
from releases.services.accounts.permissions import Authority, Role
from releases.services.editions.transitions import ActionRefused
from releases.templatetags.desk_tags import compact_datetime

WAITS = "This role does not count yet."
RECOVERS = (
    "Links to a new password go there. If you change it for somebody who approves or gives roles, another administrator"
    " has to confirm them again. They can change it themselves under “Your account”."
)
ACCOUNT_WORDS = {
    "username": (
        None,
        "What they sign in with: letters, digits and @ . + - _ only. It can’t be given twice.",
    ),
    "email": (None, RECOVERS),
    "is_active": ("May sign in", "Take this away instead of deleting an account: the ledger names people."),
    "is_staff": ("Works at the desk", "Without it nobody sees the desk, whatever roles they have."),
    "is_superuser": (
        "Superuser",
        "May do everything, for every agency. It counts once another superuser confirms it.",
    ),
    "usable_password": (
        "Signs in with a password",
        "If not, they can sign in by the account of another provider only, where one is set up.",
    ),
}
"""Labels (None: as they are) and help of an account's fields."""
SIGNING_IN = {"account", "mfa", "socialaccount"}
TOLD_HOW = {
    True: "A link to set the password is sent there.",
    False: "No mail is set up on this server, so you are shown a link to pass on.",
}
RIGHTS = {"is_active", "is_staff", "is_superuser"}
OPENS = {"is_active", "is_staff", "email"}
"""Fields by which one person could get hold of what an account may do."""


class InviteForm(forms.Form):
    username = forms.SlugField(max_length=150)
    name = forms.CharField(max_length=300)
    email = forms.EmailField()
    agency = forms.ModelChoiceField(Agency.objects.none())
    role = forms.ChoiceField(choices=Membership.Role.choices)

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["agency"]).queryset = agencies
        self.fields["email"].required = bool(settings.EMAIL_URL)
        self.fields["email"].help_text = TOLD_HOW[bool(settings.EMAIL_URL)]


class LeaveForm(forms.Form):
    colleague = forms.ModelChoiceField(
        User.objects.filter(is_active=True, is_staff=True),
        required=False,
        help_text="Who takes over the drafts; needed where there are any.",
    )

    def __init__(self, *args: Any, leaver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleague = cast(Any, self.fields["colleague"])
        colleague.queryset = colleague.queryset.exclude(pk=leaver.pk)


class ResetForm(forms.Form):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="And how you know that it is them who ask. The ledger keeps it.",
    )


class RoleForm(forms.ModelForm):
    """`authority` is that of who gives the role."""

    authority: Authority

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        user, agency = given.get("user"), given.get("agency")
        if user and agency:
            reasons = members.why_not_grant(user, agency, authority=self.authority, urgent=given["urgent"])
            for reason in reasons:
                self.add_error("urgent", reason)
        return given


def _people_of(authority: Authority) -> QuerySet[User]:
    """Whose accounts somebody may end."""
    if authority.has_all:
        return User.objects.filter(is_active=True)
    return User.objects.filter(memberships__agency__in=administered(authority)).distinct()


def last_here(user: User) -> str:
    """The day and time to some minutes; what the last sign-in says where nobody was seen yet."""
    seen = user.presence.seen_at if hasattr(user, "presence") else user.last_login
    return compact_datetime(seen) if seen else "never"


def administered(authority: Authority) -> QuerySet[Agency]:
    """The agencies whose people somebody may invite, promote and let go."""
    if authority.has_all:
        return Agency.objects.all()
    return Agency.objects.filter(pk__in=authority.agencies(Role.ADMINISTRATOR))


def _say_invited(request: HttpRequest, user: User) -> SafeString:
    if settings.EMAIL_URL:
        return format_html(
            "{} will get an email to {}, with a link to set a password.", name_person(user), user.email
        )
    url = request.build_absolute_uri(members.make_password_link(user))
    return format_html("Send this link to {}, to set a password: <code>{}</code>", name_person(user), url)


def _actor(request: HttpRequest) -> User:
    """Who asks; nobody gets here who is not signed in."""
    return cast(User, request.user)


class RoleChanges(BoundedChanges):
    noun, nouns = "role", "roles"


@admin.register(Membership)
class MembershipAdmin(TitledAdmin):
    """Who has which role for which agency, and when they were last here."""

    listed, added = "people and their roles", "Give a colleague another role"
    form = RoleForm
    list_display = ["person", "agency", "role_held", "counts", "factor", "last_here", "leaves"]
    list_filter = [("agency", UsedFilter), "role"]
    list_select_related = ["user__presence", "agency", "given_by"]
    actions = ["delete_selected", "email_password_link"]
    search_fields = [
        "user__username",
        "user__first_name",
        "user__last_name",
        "agency__slug",
        "agency__acronym",
    ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RoleChanges

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        found = super().get_queryset(request).filter(agency__in=administered(authority_of(request)))
        return found.annotate(has_factor=Exists(second_factor.factors().filter(user=OuterRef("user"))))

    def get_form(
        self, request: HttpRequest, obj: Membership | None = None, change: bool = False, **kwargs: Any
    ) -> type[RoleForm]:
        form = cast(type[RoleForm], super().get_form(request, obj, change, **kwargs))
        form.authority = authority_of(request)
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "agency":
            kwargs["queryset"] = administered(authority_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.action(description="Take the roles away", permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Membership]) -> HttpResponse | None:
        return delete_selected(self, request, queryset)

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        """Roles are given and taken, each with an entry in the ledger."""
        return obj is None and super().has_change_permission(request, obj)

    @admin.display(description="Person", ordering="user__username")
    def person(self, membership: Membership) -> str:
        """The name, with that of the account, which two people never share."""
        name, account = name_person(membership.user), membership.user.get_username()
        named = name if name == account else f"{name} ({account})"
        return named if membership.user.is_active else f"{named}: account closed"

    @admin.display(description="Role", ordering="role")
    def role_held(self, membership: Membership) -> str:
        role = membership.get_role_display()
        return f"{role}, may publish urgently" if membership.urgent else role

    @admin.display(description="Last here", ordering="user__presence__seen_at")
    def last_here(self, membership: Membership) -> str:
        return last_here(membership.user)

    @admin.display(description="Confirmed")
    def counts(self, membership: Membership) -> str | SafeString:
        if not membership.is_waiting:
            return "yes"
        url = reverse("admin:releases_membership_confirm", args=[membership.pk])
        return format_html('<a href="{}">Waits for a second administrator</a>', url)

    @admin.display(description="Second factor")
    def factor(self, membership: Any) -> str | SafeString:
        if not membership.has_factor:
            return "none"
        url = reverse("admin:releases_membership_second_factor", args=[membership.user_id])
        return format_html('<a href="{}">Take it off {}</a>', url, membership.user)

    @admin.display(description="Leaving")
    def leaves(self, membership: Membership) -> SafeString:
        url = reverse("admin:releases_membership_leave", args=[membership.user_id])
        return format_html(
            '<a href="{}">Close account<span class="visually-hidden"> of {}</span></a>', url, membership.user
        )

    @admin.action(description="Email a link to set a new password", permissions=["view"])
    def email_password_link(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        people = User.objects.filter(memberships__in=queryset).distinct()
        number = members.email_password_link(people, at=timezone.now())
        self.message_user(request, f"People who get an email: {number}.", messages.SUCCESS)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Where no mail is set up nobody can be sent a link."""
        actions: dict[str, Any] = super().get_actions(request)
        return {
            name: action
            for name, action in actions.items()
            if settings.EMAIL_URL or name != "email_password_link"
        }

    def save_model(self, request: HttpRequest, membership: Membership, form: RoleForm, change: bool) -> None:
        kept = members.grant(
            membership.user,
            membership.agency,
            Role(membership.role),
            actor=_actor(request),
            at=timezone.now(),
            urgent=membership.urgent,
        )
        membership.pk = kept.pk
        self._say_waiting(request, kept)

    def _say_waiting(self, request: HttpRequest, role: Membership) -> None:
        if role.is_waiting:
            told = members.describe_confirmer(role, authority_of(request))
            self.message_user(request, f"{WAITS} {told}", messages.WARNING)

    def delete_model(self, request: HttpRequest, membership: Membership) -> None:
        members.take(membership, actor=_actor(request), at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset:
            self.delete_model(request, membership)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("invite/", wrap(self.invite_view), name="releases_membership_invite"),
            path("<int:user>/leave/", wrap(self.leave_view), name="releases_membership_leave"),
            path("<int:pk>/confirm/", wrap(self.confirm_view), name="releases_membership_confirm"),
            path(
                "<int:user>/second-factor/",
                wrap(self.second_factor_view),
                name="releases_membership_second_factor",
            ),
        ]
        return [*own, *super().get_urls()]

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return reauthentication.ask_again(request) or super().add_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return reauthentication.ask_again(request) or super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Roles are taken from here, several at once."""
        asked = reauthentication.ask_again(request) if request.method == "POST" else None
        return asked or super().changelist_view(request, *args, **kwargs)

    def invite_view(self, request: HttpRequest) -> HttpResponse:
        """Makes an account; its holder sets the password through a link that is emailed, or where no mail is
        set up shown once."""
        self._require(request)
        if asked := reauthentication.ask_again(request):
            return asked
        own = (
            _actor(request)
            .memberships.filter(role=Role.ADMINISTRATOR, is_waiting=False)
            .order_by("pk")
            .first()
        )
        initial = {"agency": own.agency_id if own else None}
        form = InviteForm(request.POST or None, initial=initial, agencies=administered(authority_of(request)))
        if request.method == "POST" and form.is_valid():
            values = {**form.cleaned_data, "role": Role(form.cleaned_data["role"])}
            try:
                invitation = members.invite(
                    values.pop("username"), actor=_actor(request), at=timezone.now(), **values
                )
            except ActionRefused as refused:
                form.add_error("username", str(refused))
            else:
                self.message_user(request, _say_invited(request, invitation.user), messages.SUCCESS)
                self._say_waiting(request, invitation.role)
                return HttpResponseRedirect(reverse("admin:releases_membership_changelist"))
        return self._page(request, "Invite somebody", form)

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lets a role count that another administrator gave."""
        self._require(request)
        if asked := reauthentication.ask_again(request):
            return asked
        membership = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method == "POST":
            try:
                members.confirm(membership, actor=_actor(request), at=timezone.now())
            except ActionRefused as refused:
                self.message_user(request, str(refused), messages.ERROR)
            else:
                self.message_user(request, f"It counts now: {membership}.", messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:releases_membership_changelist"))
        reasons = list(members.why_not_confirm(membership, authority_of(request)))
        return self._page(request, "Confirm the role", forms.Form(), membership=membership, reasons=reasons)

    def second_factor_view(self, request: HttpRequest, user: int) -> HttpResponse:
        """Asks for what gets somebody back in who lost their device, or does it where somebody else asked."""
        self._require(request)
        if asked := reauthentication.ask_again(request):
            return asked
        person = get_object_or_404(_people_of(authority_of(request)), pk=user)
        standing = factor_resets.standing_reset(person)
        form = ResetForm(request.POST or None, initial={"reason": standing.reason if standing else ""})
        if request.method == "POST" and form.is_valid():
            try:
                done = self._reset_or_keep(request, person, form.cleaned_data["reason"])
            except ActionRefused as refused:
                form.add_error("reason", str(refused))
            else:
                self.message_user(request, done, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:releases_membership_changelist"))
        reasons = list(factor_resets.why_not_reset(person, authority_of(request)))
        title = f"Take the second factor off {person}"
        return self._page(request, title, form, person=person, standing=standing, reasons=reasons)

    def _reset_or_keep(self, request: HttpRequest, person: User, reason: str) -> str:
        """What was done, in words. Raises ActionRefused."""
        actor, now = _actor(request), timezone.now()
        if "keep" in request.POST:
            factor_resets.keep(person, actor=actor, at=now)
            return f"The account of {person} stays as it is."
        made = factor_resets.reset(person, actor=actor, reason=reason, at=now)
        if not made.is_done:
            return "Nothing has changed yet: another administrator has to do it. They find it on their desk."
        return f"{person} is signed out. They sign in with their password and set up a new second factor."

    def leave_view(self, request: HttpRequest, user: int) -> HttpResponse:
        """Ends an account and hands its drafts over."""
        self._require(request)
        if asked := reauthentication.ask_again(request):
            return asked
        leaver = get_object_or_404(_people_of(authority_of(request)), pk=user)
        form = LeaveForm(request.POST or None, leaver=leaver)
        if request.method == "POST" and form.is_valid():
            try:
                number = members.leave(leaver, actor=_actor(request), at=timezone.now(), **form.cleaned_data)
            except ActionRefused as refused:
                form.add_error("colleague", str(refused))
            else:
                self.message_user(
                    request, f"{leaver} has left. Drafts handed over: {number}.", messages.SUCCESS
                )
                return HttpResponseRedirect(reverse("admin:releases_membership_changelist"))
        drafts = members.in_hand(leaver)
        seen = drafts.filter(pk__in=authority_of(request).editions.values("pk"))
        return self._page(
            request, f"{leaver} leaves", form, drafts=seen, others=drafts.count() - seen.count()
        )

    def _require(self, request: HttpRequest) -> None:
        if not administered(authority_of(request)).exists():
            raise PermissionDenied

    def _page(self, request: HttpRequest, title: str, form: forms.Form, **more: object) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "form": form,
            "opts": self.opts,
            **more,
        }
        return TemplateResponse(request, "admin/releases/membership/form.html", context)


def name_fields(form: forms.BaseForm) -> None:
    """Give the fields of an account that a form has the words of the desk."""
    for name, (label, words) in ACCOUNT_WORDS.items():
        if field := form.fields.get(name):
            field.label, field.help_text = label or field.label, words


class NewAccountForm(AdminUserCreationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_fields(self)


class AccountForm(MergingForm, UserChangeForm):
    password = None  # type: ignore[assignment]  # Django's way to leave a field out

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_fields(self)

    def clean_is_active(self) -> bool:
        """Somebody with drafts leaves by the page that hands them over."""
        active: bool = self.cleaned_data["is_active"]
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
for label in SIGNING_IN:  # a second factor that one person could take away is none
    admin.site.unregister(
        [model for model in apps.get_app_config(label).get_models() if admin.site.is_registered(model)]
    )


@admin.register(User)
class AccountAdmin(RecordedAdmin, UserAdmin):
    """For superusers. Roles by agency are on the page of people."""

    listed, added, edited = "accounts", "New account", "Account"
    form, add_form, add_form_template = AccountForm, NewAccountForm, None
    list_display = ["username", "first_name", "last_name", "email", "is_active", "is_superuser", "last_here"]
    list_filter = ["is_active", "is_superuser"]
    list_select_related = ["presence"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "new_password"]}),
        ("Person", {"fields": ["first_name", "last_name", "email"]}),
        (
            "Account",
            {"fields": ["is_active", "is_staff", "is_superuser", "last_login", "date_joined", "base"]},
        ),
    ]
    readonly_fields = ["new_password", "last_login", "date_joined"]
    actions = ["end_sessions"]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return reauthentication.ask_again(request) or super().changeform_view(request, *args, **kwargs)

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return reauthentication.ask_again(request) or super().user_change_password(request, *args, **kwargs)

    @admin.display(description="Password")
    def new_password(self, user: User) -> SafeString:
        """Nobody can see the one that there is."""
        url = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('<a href="{}">Set another password</a>', url)

    @admin.display(description="Last here", ordering="presence__seen_at")
    def last_here(self, user: User) -> str:
        return last_here(user)

    @admin.action(description="Sign out everywhere")
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        now = timezone.now()
        number = sum(members.sign_out(user, actor=_actor(request), at=now) for user in queryset)
        self.message_user(request, f"Sessions ended: {number}.", messages.SUCCESS)

    def save_row(self, request: HttpRequest, obj: User, form: AccountForm, change: bool) -> None:
        """A change of rights ends the sessions that began with others. All rights, and those of an account that
        somebody else opened or got hold of, wait for a second person."""
        held = User.objects.get(pk=obj.pk) if change else obj
        is_asked = obj.is_superuser and not held.is_superuser
        obj.is_superuser = held.is_superuser and obj.is_superuser
        super().save_row(request, obj, form, change)
        if not obj.is_superuser and held.is_superuser:
            SuperuserGrant.objects.filter(user=obj).delete()
        if is_asked:
            superusers.ask_to_give(obj, actor=_actor(request), at=timezone.now())
            told = superusers.describe_confirmer(obj, _actor(request))
            self.message_user(request, f"{obj} may not do everything yet. {told}", messages.WARNING)
        if obj != request.user and any(getattr(obj, name) != getattr(held, name) for name in RIGHTS):
            members.end_sessions(obj)
        if any(getattr(obj, name) and getattr(obj, name) != getattr(held, name) for name in OPENS):
            self.give_anew(request, obj)

    def give_anew(self, request: HttpRequest, obj: User) -> None:
        """Have somebody else confirm what an account may do, of which who asks could now get hold; say so."""
        if obj == request.user:
            return
        if told := members.give_anew(obj, actor=_actor(request), at=timezone.now()):
            words = f"What {obj} may do that makes something public waits again. {told}"
            self.message_user(request, words, messages.WARNING)

    def get_urls(self) -> list[URLPattern]:
        confirming = self.admin_site.admin_view(self.confirm_view)
        return [path("<int:pk>/confirm/", confirming, name="auth_user_confirm"), *super().get_urls()]

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lets somebody do everything for whom another superuser asked, or leaves the account as it is."""
        if not authority_of(request).has_all:
            raise PermissionDenied
        if asked := reauthentication.ask_again(request):
            return asked
        grant = get_object_or_404(SuperuserGrant, user=pk)
        if request.method == "POST":
            try:
                done = self._confirm_or_keep(request, grant)
            except ActionRefused as refused:
                self.message_user(request, str(refused), messages.ERROR)
            else:
                self.message_user(request, done, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:index"))
        context = {
            **self.admin_site.each_context(request),
            "title": "Confirm a superuser",
            "form": forms.Form(),
            "opts": self.opts,
            "grant": grant,
            "reasons": list(superusers.why_not_confirm(grant, authority_of(request))),
        }
        return TemplateResponse(request, "admin/releases/membership/form.html", context)

    def _confirm_or_keep(self, request: HttpRequest, grant: SuperuserGrant) -> str:
        """What was done, in words. Raises ActionRefused."""
        actor, now = _actor(request), timezone.now()
        if "keep" in request.POST:
            superusers.turn_down(grant, actor=actor, at=now)
            return f"The account of {grant.user} stays as it is."
        superusers.confirm(grant, actor=actor, at=now)
        return f"{grant.user} may do everything now."

    def entries_of(self, obj: User) -> QuerySet[LedgerEntry]:
        """With what was done to the roles and the second factor of the account."""
        name = obj.get_username()
        entries = LedgerEntry.objects.filter(subject__in=[name, self.subject_of(obj)])
        return entries.select_related("actor").order_by("-pk")[:MOST_ENTRIES]

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        """Django's page for a new password saves by itself, without the form of the account."""
        if request.resolver_match and request.resolver_match.url_name == "auth_user_password_change":
            self.record_change(request, obj, message)
            self.give_anew(request, obj)
        return super().log_change(request, obj, message)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """The ledger names people; somebody who leaves is made inactive."""
        return False
