"""People, their roles and teams, and the tokens that programs sign in with: for operators."""

import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin  # noqa: F401  (registered before they are taken out again)
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.db.models import ManyToManyField
from django.forms import CheckboxSelectMultiple
from django.utils import timezone

from portal.accounts.people.forms import NewPersonForm, PersonForm
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


class RoleFilter(admin.SimpleListFilter):
    title = "role"
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return [(role, role.capitalize()) for role in ROLES]

    def queryset(self, request, queryset):
        return queryset.filter(groups__name=self.value()) if self.value() in ROLES else queryset


@admin.register(User)
class UserAdmin(Narrow, StockUserAdmin):
    form = PersonForm
    add_form = NewPersonForm
    list_display = (
        "username",
        "name",
        "email",
        "shown_role",
        "is_active",
        "last_login",
    )
    list_filter = (RoleFilter, "is_active")
    list_per_page = 50
    search_fields = ("username", "name", "email")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "role", "is_active")}),
        ("Person", {"fields": ("name", "email", "time_zone")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
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

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.take_role(form.cleaned_data["role"])

    @admin.display(description="role")
    def shown_role(self, user):
        return user.role.capitalize() or None


@admin.register(Team)
class TeamAdmin(Narrow, admin.ModelAdmin):
    list_display = ("name", "slug", "email")
    list_per_page = 50
    search_fields = ("name", "slug")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fields = ("name", "slug", "email", "members")
    prepopulated_fields = {"slug": ("name",)}
    formfield_overrides = {ManyToManyField: {"widget": CheckboxSelectMultiple}}


@admin.register(Token)
class TokenAdmin(Narrow, admin.ModelAdmin):
    """Tokens are made by their owners; an operator sees them and can revoke them."""

    list_display = (
        "name",
        "hint",
        "user",
        "shown_scopes",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    list_per_page = 50
    search_fields = ("name", "hint", "user__username", "user__name")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fields = (
        "name",
        "hint",
        "user",
        "shown_scopes",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
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

    @admin.display(description="scopes")
    def shown_scopes(self, token):
        return ", ".join(token.scopes)

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
