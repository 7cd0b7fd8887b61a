from functools import cache, lru_cache
from secrets import token_urlsafe
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group, Permission, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from portal.accounts.roles import ROLES, STAFF_ROLES, highest
from portal.core.data.audit import record
from portal.core.data.queries import Prepared, columns_of, joined, row_of


@cache
def zones() -> tuple[str, ...]:
    """The names of places, and UTC, in the order of a list to choose from."""
    places = (name for name in available_timezones() if "/" in name)
    return ("UTC", *sorted(name for name in places if not name.startswith(("Etc/", "SystemV/"))))


def zones_named(name: str) -> list[str]:
    """The time zones that this may mean: a name in any case, or a city such as “New York”."""
    meant = "_".join(name.casefold().split())
    whole = [zone for zone in available_timezones() if zone.casefold() == meant]
    return whole or sorted(
        zone for zone in available_timezones() if zone.casefold().endswith(f"/{meant}")
    )


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is no time zone. Use a name such as Europe/Stockholm.")


def permissions_of(user: str = "pk"):
    """A subquery: the keys of all permissions that the roles of a user give."""
    roles = User.groups.through.objects.filter(group__permissions__isnull=False)
    return joined(roles, Cast("group__permissions", TextField()), owner="user", outer=user)


@lru_cache(maxsize=256)
def names_of(keys: str) -> frozenset[str]:
    """The names of permissions ("app.codename"): as long as it lives, a key stands for one name."""
    rows = Permission.objects.filter(pk__in=keys.split()).select_related("content_type").order_by()
    return frozenset(f"{row.content_type.app_label}.{row.codename}" for row in rows)


class UserQuerySet(models.QuerySet):
    def with_permissions(self):
        """With `permission_keys`, so that no check of a permission asks the database."""
        return self.annotate(permission_keys=permissions_of())

    def signed_in(self, pk: int) -> "User | None":
        """The active person with this key, with their permissions; asked on every request."""
        found = _person(pk=pk)
        user = with_keys(found[0]) if found else None
        return user if user and user.is_active else None

    def active(self):
        return self.filter(is_active=True)

    def who_may(self, permission: str):
        """Active people whose role has the permission ("app.codename")."""
        label, codename = permission.split(".")
        of_role = {"content_type__app_label": label, "codename": codename}
        holders = Permission.objects.filter(**of_role).values("group__user")
        return self.active().filter(Q(pk__in=holders) | Q(is_superuser=True))


class People(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes users, and answers the questions of UserQuerySet."""


class User(AbstractUser):
    """A person who signs in. What they may do comes from their role alone."""

    name = models.CharField(max_length=120, blank=True, help_text="As colleagues know them.")
    time_zone = models.CharField(
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text="Times are shown in this zone; empty means that of the portal.",
    )

    hides_setup = models.BooleanField(
        default=False, db_default=False, editable=False
    )  # the checklist of operators

    calendar_mark = models.CharField(
        max_length=22, blank=True, default="", db_default="", editable=False
    )  # what the addresses of calendars of this person are made of, beside the password

    objects = People()  # type: ignore[misc]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        ordering = ["username"]

    def __str__(self):
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.name or self.get_full_name() or self.username

    @property
    def initials(self) -> str:
        words = self.display_name.split()
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()

    @property
    def zone(self) -> str:
        return self.time_zone or settings.TIME_ZONE

    @property
    def role(self) -> str:
        """The highest role this person has, or an empty text."""
        return highest({group.name for group in self.groups.all()})

    def hide_setup(self, hidden: bool = True) -> None:
        """Not to see the checklist of a new portal, or to see it again."""
        self.hides_setup = hidden
        self.save(update_fields=["hides_setup"])

    def renew_calendars(self) -> None:
        """Nobody reads a calendar at an address of before any more."""
        self.calendar_mark = token_urlsafe(16)
        self.save(update_fields=["calendar_mark"])
        record(self, "renew_calendars", by=self)

    def take_role(self, role: str) -> None:
        """Give this person one role in place of any other; staff roles open the admin."""
        if role not in ROLES:
            raise ValueError(f"No role “{role}”: use one of {', '.join(ROLES)}.")
        others = self.groups.filter(name__in=ROLES).exclude(name=role)
        self.groups.remove(*others)
        self.groups.add(Group.objects.get(name=role))
        self.is_staff = role in STAFF_ROLES
        self.save(update_fields=["is_staff"])


def with_keys(values: tuple) -> User:
    """A person made of `columns_of(User)` and, after them, the keys of their permissions."""
    user = row_of(User, values[:-1])
    user.permission_keys = values[-1]
    return user


def _person_rows(*, pk: int):
    rows = User.objects.filter(pk=pk).with_permissions().order_by()
    return rows.values_list(*columns_of(User), "permission_keys")


_person = Prepared(_person_rows)
