"""People, their roles and teams, and the tokens that programs sign in with: for operators."""

import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin  # noqa: F401  (registered before they are taken out again)
from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.db.models import F, ManyToManyField
from django.forms import CheckboxSelectMultiple
from django.utils import timezone

from portal.accounts.people.forms import NewPersonForm, PersonForm
from portal.accounts.people.status import ACCOUNT, token_status
from portal.core.templatetags.look import moment
from portal.core.web.cells import shown
from portal.core.web.desk import Line, Part
from portal.core.web.narrow import Narrow

from .models import Team, Token, User
from .roles import ROLES

# Roles are made by migrations; the rest is set by settings or belongs to the person alone.
for model in (
    Group,
    EmailAddress,
    Authenticator,
    SocialAccount,
    SocialApp,
    SocialToken,
):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


HARMLESS = {"name", "time_zone"}  # all else of an account says who gets into it, and how far


class RoleFilter(admin.SimpleListFilter):
    title = "role"
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return [(role, role.capitalize()) for role in ROLES]

    def queryset(self, request, queryset):
        return queryset.filter(groups__name=self.value()) if self.value() in ROLES else queryset


@reauthentication_required
def confirmed(request) -> None:
    """Asks whoever signed in a while ago for the password, then goes on with the same request."""


def confirmed_without(request, *secrets: str) -> None:
    """The same, but what waits in the session meanwhile has none of these: they are typed again."""
    try:
        confirmed(request)
    except ReauthenticationRequired:
        request.POST = request.POST.copy()
        for name in secrets:
            request.POST.pop(name, None)
        raise


@admin.register(User)
class UserAdmin(Narrow, StockUserAdmin):
    """People. Each form names its address: after the password it is shown elsewhere."""

    form = PersonForm
    add_form = NewPersonForm
    add_form_template = None  # as every other form; Django's own has words of its own
    list_display = (
        "username",
        "name",
        "email",
        "shown_role",
        "standing",
        "signed_in",
    )
    list_filter = (RoleFilter, "is_active")
    list_per_page = 50
    search_fields = ("username", "name", "email")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    filter_horizontal = ()
    readonly_fields = ("signed_in", "created")
    fieldsets = (
        (None, {"fields": ("username", "password", "role", "is_active")}),
        ("Person", {"fields": ("name", "email", "time_zone")}),
        ("Dates", {"fields": ("signed_in", "created")}),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "name", "email", "role", "password1", "password2")},
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def has_change_permission(self, request, obj=None):
        """Nobody but a superuser touches a superuser: whoever sets a password takes the account."""
        protected = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not protected and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Accounts are switched off, so that the history keeps its names."""
        return False

    def add_view(self, request, form_url="", extra_context=None):
        if request.method == "POST" and self.has_add_permission(request):
            confirmed_without(request, "password1", "password2")
        return super().add_view(request, request.get_full_path(), extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Who takes a session for a moment gets no account by it that lasts."""
        key = unquote(object_id)
        person = self.get_object(request, key) if request.method == "POST" else None
        if person and self.has_change_permission(request, person):
            form = self.get_form(request, person)(request.POST, instance=person)
            if set(form.changed_data) - HARMLESS:
                confirmed(request)
        return super().change_view(request, object_id, request.get_full_path(), extra_context)

    def user_change_password(self, request, id, form_url=""):  # noqa: A002 (its name in Django)
        person = self.get_object(request, unquote(id)) if request.method == "POST" else None
        if person and self.has_change_permission(request, person):
            confirmed_without(request, "password1", "password2")
        return super().user_change_password(request, id, request.get_full_path())

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.take_role(form.cleaned_data["role"])

    @admin.display(description="state", ordering="is_active")
    def standing(self, user):
        return shown(ACCOUNT[user.is_active])

    @admin.display(description="last sign-in", ordering="last_login")
    def signed_in(self, user):
        return moment(user.last_login) or "Never"

    @admin.display(description="created", ordering="date_joined")
    def created(self, user):
        return moment(user.date_joined)

    @admin.display(description="role")
    def shown_role(self, user):
        return user.role.capitalize() or None


@admin.register(Team)
class TeamAdmin(Narrow, admin.ModelAdmin):
    list_display = ("name", "web_address", "email")
    list_per_page = 50
    search_fields = ("name", "slug")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fields = ("name", "slug", "email", "members")
    prepopulated_fields = {"slug": ("name",)}
    formfield_overrides = {ManyToManyField: {"widget": CheckboxSelectMultiple}}
    long_choices = ("members",)


class TokenFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("active", "Active"), ("expired", "Expired"), ("revoked", "Revoked")]

    def queryset(self, request, queryset):
        questions = {
            "active": lambda: queryset.usable(at=timezone.now()),
            "expired": lambda: queryset.filter(revoked_at=None, expires_at__lte=timezone.now()),
            "revoked": lambda: queryset.filter(revoked_at__isnull=False),
        }
        return questions.get(self.value(), queryset.all)()


@admin.register(Token)
class TokenAdmin(Narrow, admin.ModelAdmin):
    """Tokens are made by their owners; an operator sees them and can revoke them."""

    list_display = ("name", "owner", "shown_scopes", "used", "expires", "standing")
    list_filter = (TokenFilter,)
    list_select_related = ("user",)
    list_per_page = 50
    search_fields = ("name", "hint", "user__username", "user__name")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fields = (
        *("name", "hint", "owner", "shown_scopes", "standing"),
        *("created_at", "expires", "used", "revoked_at"),
    )
    readonly_fields = fields
    actions = ("revoke",)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        """To change tokens means to revoke them, in the list; a page of one is to read."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="owner", ordering="user__username")
    def owner(self, token):
        return token.user.display_name

    @admin.display(description="scopes")
    def shown_scopes(self, token):
        return ", ".join(token.scopes)

    @admin.display(description="last used", ordering=F("last_used_at").asc(nulls_first=True))
    def used(self, token):
        return moment(token.last_used_at) or "Never"

    @admin.display(description="expires", ordering="expires_at")
    def expires(self, token):
        return moment(token.expires_at, "j M Y")

    @admin.display(description="state")
    def standing(self, token):
        return shown(token_status(token, at=timezone.now()))

    @admin.action(description="Revoke the chosen tokens", permissions=["change"])
    def revoke(self, request, tokens):
        now, usable = timezone.now(), tokens.filter(revoked_at=None)
        revoked = [_revoke(token, at=now) for token in usable]
        for token in revoked:
            self.log_change(request, token, "Revoked.")
        messages.success(request, f"Revoked: {len(revoked)}. Whatever uses them is refused now.")


def _revoke(token: Token, *, at) -> Token:
    token.revoke(at=at)
    return token


DESK = (
    Line(
        Part.PEOPLE,
        10,
        "People",
        "Accounts, their role, whether they are active",
        "user",
        "accounts.user",
        "New person",
        rail=("People and access", "users"),
        below=("accounts.team", "accounts.token"),
    ),
    Line(
        Part.PEOPLE,
        20,
        "Teams",
        "Who owns things together",
        "users",
        "accounts.team",
        "New team",
    ),
    Line(
        Part.PEOPLE,
        30,
        "API tokens",
        "What programs sign in with; revoke them here",
        "key",
        "accounts.token",
    ),
)
