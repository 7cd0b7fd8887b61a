"""People of the tests. What `User` writes for one is written again for the next, with a new key."""

from dataclasses import dataclass

from auditlog.models import LogEntry
from django.db import connection
from django.db.models import Model
from django.db.models.sql import InsertQuery
from django.utils import timezone

from portal.accounts.models import User

Membership = User.groups.through


def make_person(username: str, role: str) -> User:
    user = User.objects.create_user(
        username, password="correct horse battery", name=f"{username.title()} {role.title()}"
    )
    user.take_role(role)
    read_names(user.pk)
    return User.objects.get(pk=user.pk)


def read_names(pk: int) -> None:
    """Of the permissions, which a process reads once."""
    User.objects.signed_in(pk).get_all_permissions()


class Written:
    """A row, of which the INSERT is put together once: the ORM takes ten times as long."""

    def __init__(self, row: Model):
        self.model = type(row)
        self.fields = [each for each in row._meta.concrete_fields if not each.primary_key]
        self.values = {each.attname: getattr(row, each.attname) for each in self.fields}
        query = InsertQuery(self.model)
        query.insert_values(self.fields, [row])
        compiler = query.get_compiler(connection=connection)
        compiler.returning_fields = [row._meta.pk]
        [(self.sql, params)] = compiler.as_sql()
        self.params = dict(zip(self.values, params, strict=True))

    def again(self, **changes) -> dict:
        """Insert it with a new key and these values; all of its values."""
        prepared = {
            each.attname: each.get_db_prep_save(changes[each.attname], connection)
            for each in self.fields
            if each.attname in changes
        }
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [*(self.params | prepared).values()])
            (pk,) = cursor.fetchone()
        return {self.model._meta.pk.attname: pk} | self.values | changes


@dataclass
class WrittenPerson:
    """A person, their roles, and what the audit log says of both."""

    user: Written
    memberships: list[Written]
    log: list[Written]

    def again(self) -> User:
        """As somebody who was made now."""
        at = timezone.now()
        values = self.user.again(date_joined=at)
        pk = values["id"]
        for each in self.memberships:
            each.again(user_id=pk)
        for entry in self.log:
            changes = entry.values["changes"]
            told = changes | {"id": ["None", str(pk)]} if "id" in changes else changes
            entry.again(object_pk=str(pk), object_id=pk, timestamp=at, changes=told)
        read_names(pk)
        return User.from_db(connection.alias, [*values], [*values.values()])


def written_of(user: User) -> WrittenPerson:
    """Of a person who was made a moment ago."""
    memberships = Membership.objects.filter(user=user).order_by("group")
    log = LogEntry.objects.get_for_object(user).order_by("pk")
    return WrittenPerson(
        Written(user), [Written(each) for each in memberships], [Written(each) for each in log]
    )
