"""The forms of signing in."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from releases.admin.accounts.adapters import count_attempt
from releases.admin.base.client import client_address
from releases.admin.base.people import PersonField
from releases.models.mail import CHOOSABLE
from releases.services.accounts import delegations, login_throttle
from releases.services.mail.preferences import FREQUENCIES

USED = "This code has been used. Wait until your app shows the next one."


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # how to get a new one stands on the page
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class _CountedCode(BaseAuthenticateForm):
    """Lets nobody guess codes, and takes each once, whichever process is asked."""

    def clean_code(self) -> str:
        name, now = f"second factor of {self.user.pk}", timezone.now()
        count_attempt(context.request, name)
        code: str = super().clean_code()
        if not login_throttle.is_first_use(f"{name}\n{code.replace(' ', '')}", now):
            raise ValidationError(USED, "used")
        login_throttle.reset(name, client_address(context.request), now)
        return code


class CodeForm(_CountedCode, AuthenticateForm):
    """The second step of signing in."""


class RepeatedCodeForm(_CountedCode, ReauthenticateForm):
    """Who is signed in shows again who they are."""


class PreferencesForm(forms.Form):
    """How often somebody wants emails of each kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in CHOOSABLE:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label, choices=list(FREQUENCIES.items()), widget=forms.RadioSelect
            )


class DeputyForm(forms.Form):
    """Who acts for somebody, and for which days of the newsroom's zone."""

    deputy = PersonField(label="Colleague", queryset=User.objects.none())
    starts = forms.DateField(label="First day", widget=forms.DateInput({"type": "date"}))
    ends = forms.DateField(label="Last day", widget=forms.DateInput({"type": "date"}))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = delegations.find_colleagues(user)  # type: ignore[attr-defined]
