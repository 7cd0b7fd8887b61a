from allauth.account.auth_backends import AuthenticationBackend

from .models import User
from .models.users import names_of


class RoleBackend(AuthenticationBackend):
    """Permissions come from roles (groups) alone, read in the query that reads the user."""

    def get_user(self, user_id):
        return User.objects.signed_in(user_id)

    def get_all_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if user_obj.is_superuser:
            return super().get_all_permissions(user_obj, obj)
        if not hasattr(user_obj, "role_permissions"):
            user_obj.role_permissions = names_of(_keys(user_obj))
        return user_obj.role_permissions

    def get_user_permissions(self, user_obj, obj=None):
        return set()

    def get_group_permissions(self, user_obj, obj=None):
        return self.get_all_permissions(user_obj, obj)


def _keys(user) -> str:
    if not hasattr(user, "permission_keys"):
        user.permission_keys = User.objects.with_permissions().get(pk=user.pk).permission_keys
    return user.permission_keys
