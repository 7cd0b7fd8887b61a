"""People of the tests. What `User` writes for one is written again for the next, with a new key."""

from copy import deepcopy
from dataclasses import dataclass

from auditlog.models import LogEntry
from django.utils import timezone

from portal.accounts.models import User

Membership = User.groups.through


def make_person(username: str, role: str) -> User:
    user = User.objects.create_user(
        username, password="correct horse battery", name=f"{username.title()} {role.title()}"
    )
    user.take_role(role)
    read_names(user)
    return User.objects.get(pk=user.pk)


def read_names(user: User) -> None:
    """Of the permissions, which a process reads once."""
    User.objects.signed_in(user.pk).get_all_permissions()


@dataclass
class Written:
    """A person, their role, and what the audit log says of both."""

    user: User
    groups: list[int]
    log: list[LogEntry]

    def again(self) -> User:
        """As somebody who was made now."""
        user = unsaved(self.user)
        user.date_joined = timezone.now()
        User.objects.bulk_create([user])
        Membership.objects.bulk_create(Membership(user=user, group_id=key) for key in self.groups)
        LogEntry.objects.bulk_create(self.entry(each, user.pk) for each in self.log)
        read_names(user)
        return user

    def entry(self, written: LogEntry, pk: int) -> LogEntry:
        entry = unsaved(written)
        entry.object_pk, entry.object_id, entry.timestamp = str(pk), pk, timezone.now()
        if "id" in entry.changes:
            entry.changes["id"] = ["None", str(pk)]
        return entry


def written_of(user: User) -> Written:
    """Of a person who was made a moment ago."""
    groups = [*user.groups.order_by("pk").values_list("pk", flat=True)]
    return Written(user, groups, [*LogEntry.objects.get_for_object(user).order_by("pk")])


def unsaved(row):
    """A copy that has no key yet."""
    fields = row._meta.concrete_fields
    return type(row)(
        **{f.attname: deepcopy(getattr(row, f.attname)) for f in fields if not f.primary_key}
    )
