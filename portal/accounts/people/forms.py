from allauth.account.forms import ChangePasswordForm
from django import forms
from django.conf import settings
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.utils import timezone

from portal.accounts.models import Token, User
from portal.accounts.models.tokens import DAYS, MOST_DAYS_OF_PERSON, SCOPES
from portal.accounts.models.users import zones, zones_named
from portal.accounts.roles import OPERATOR, READER, ROLES
from portal.core.data.columns import longest
from portal.core.web.days import days
from portal.core.web.pickers import Picker

LIFETIMES = [(count, days(count)) for count in (7, 30, DAYS, MOST_DAYS_OF_PERSON)]


class NamesZone:
    """Of a form with a time zone: the name of a city is enough where it is the only one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["time_zone"]
        shown = {"class": "vTextField", "placeholder": "Europe/Berlin"}
        field.widget = Picker(zones, {**shown, "maxlength": field.max_length})
        field.help_text = (
            "Type a city and choose from the list. Times are shown in this zone; "
            f"empty means that of the portal, {settings.TIME_ZONE}."
        )

    def clean_time_zone(self) -> str:
        name = self.cleaned_data["time_zone"]  # type: ignore[attr-defined]
        zones = zones_named(name) if name else []
        if len(zones) > 1:
            raise forms.ValidationError(f"“{name}” may be {' or '.join(zones)}: use one of them.")
        return zones[0] if zones else name


class ProfileForm(NamesZone, forms.ModelForm):
    """What people change of their own account."""

    class Meta:
        model = User
        fields = ["name", "email", "time_zone"]


class PasswordForm(ChangePasswordForm):
    """A new password; it ends all other sessions, and tokens where that is asked for.

    ASVS 5.0, 7.4.3: whoever changes a password because somebody else knew it may end everything.
    """

    revoke_tokens = forms.BooleanField(
        required=False,
        help_text="Your other sessions end in any case. Tokens keep working unless revoked.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        count = self.user.tokens.usable(at=timezone.now()).count()
        self.fields["revoke_tokens"].label = f"Revoke my API token{'s' if count > 1 else ''}, too"
        if not count:
            del self.fields["revoke_tokens"]

    def save(self):
        super().save()
        if self.cleaned_data.get("revoke_tokens"):
            self.user.tokens.all().revoke(at=timezone.now())


class TokenForm(forms.Form):
    """What a new API token may do, and for how long."""

    name = forms.CharField(
        max_length=longest(Token, "name"),
        help_text="What will use it, for example “deploy pipeline”.",
    )
    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        initial=["read"],
        help_text="“read” and “write” cover everything that your role may do.",
    )
    days = forms.TypedChoiceField(choices=LIFETIMES, coerce=int, initial=DAYS, label="Valid for")


def role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=[(role, role.capitalize()) for role in ROLES],
        initial=READER,
        help_text="Each role may do everything that the ones before it may.",
    )


HINTS = {
    "username": "What they sign in with.",
    "password": "Nobody can read it; a new one is given here.",
    "is_active": "Switch an account off instead of deleting it: the history keeps its names.",
}


class PersonForm(NamesZone, UserChangeForm):
    """An account as operators change it; what it may do is its role and nothing else."""

    role = role_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["role"] = self.instance.role
        for name, words in HINTS.items():
            self.fields[name].help_text = words
        _name_fields(self)

    def clean(self):
        given = super().clean()
        stays = given.get("is_active") and given.get("role") == OPERATOR
        if not stays and self._is_last_operator():
            raise forms.ValidationError("This is the last operator: make another one first.")
        return given

    def _is_last_operator(self) -> bool:
        operators = User.objects.active().filter(groups__name=OPERATOR)
        others = operators.exclude(pk=self.instance.pk)
        return operators.filter(pk=self.instance.pk).exists() and not others.exists()


class NewPersonForm(BaseUserCreationForm):
    """A new account with its first password and its role."""

    role = role_field()

    class Meta(BaseUserCreationForm.Meta):
        model = User
        fields = ("username", "name", "email")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name_fields(self)
        self.fields["username"].help_text = HINTS["username"]
        self.fields["password2"].label = "Password again"
        self.fields["password2"].help_text = ""


def _name_fields(form: forms.ModelForm) -> None:
    form.fields["username"].label, form.fields["email"].label = "User name", "E-mail address"
