"""The five roles: groups that each contain everything the one before may do."""

from collections.abc import Collection

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions

ROLES = ("reader", "responder", "author", "approver", "operator")
READER, RESPONDER, AUTHOR, APPROVER, OPERATOR = ROLES
STAFF_ROLES = frozenset({AUTHOR, APPROVER, OPERATOR})  # those who may enter the admin


def highest(held: Collection[str]) -> str:
    """The highest of these roles, or an empty text."""
    return next((role for role in reversed(ROLES) if role in held), "")


def granting(additions: dict[str, tuple[str, ...]]):
    """A function for RunPython: give permissions ("app.codename") to a role and all above it."""

    def grant(apps, schema_editor):
        groups = apps.get_model("auth", "Group").objects
        for role, names in additions.items():
            for name in names:
                permission = _permission(apps, name)
                for holder in ROLES[ROLES.index(role) :]:
                    group, _ = groups.get_or_create(name=holder)
                    group.permissions.add(permission)

    return grant


def _permission(apps, name: str):
    """The permission, made now: Django itself makes them only after the last migration."""
    label, codename = name.split(".")
    config = installed.get_app_config(label)
    create_permissions(config, verbosity=0, apps=apps if apps is not installed else installed)
    return apps.get_model("auth", "Permission").objects.get(
        content_type__app_label=label, codename=codename
    )
