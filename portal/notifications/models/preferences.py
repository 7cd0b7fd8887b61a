"""What somebody wants by mail, and what on the page of their messages only."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.conf import settings
from django.db import models, transaction

from portal.core.data.among import PreparedAmong


class Kind(NamedTuple):
    """One sort of message: each person chooses whether it is mailed to them.

    `permission`: it concerns nobody who lacks it, so that nobody else is asked. `for_teams`: it
    is told to channels, too, which may choose it by its `team_label`.
    """

    name: str
    label: str
    by_mail: bool = True  # for whoever has chosen nothing
    permission: str = ""
    for_teams: bool = False
    team_label: str = ""  # where it differs from that for people

    def is_for(self, user) -> bool:
        return not self.permission or user.has_perm(self.permission)


class PreferenceQuerySet(models.QuerySet):
    def unwanted(self, concerned: Mapping[int, Iterable[Kind]]) -> set[int]:
        """Of people, with the kinds by which a message concerns them, who want none mailed."""
        chosen = {(user, kind): by_mail for user, kind, by_mail in _CHOSEN(concerned)}
        return {
            user
            for user, kinds in concerned.items()
            if not any(chosen.get((user, kind.name), kind.by_mail) for kind in kinds)
        }

    def of(self, user, kinds: Iterable[Kind]) -> dict[str, bool]:
        """Whether each kind is mailed to this person, by its name."""
        chosen = dict(self.filter(user=user).values_list("kind", "by_mail"))
        return {kind.name: chosen.get(kind.name, kind.by_mail) for kind in kinds}

    @transaction.atomic
    def choose(self, user, chosen: Mapping[Kind, bool]) -> None:
        """Keep what differs from the defaults: who chose nothing follows a new default."""
        names = [kind.name for kind in chosen]
        self.filter(user=user, kind__in=names).delete()
        other = {kind: by_mail for kind, by_mail in chosen.items() if by_mail != kind.by_mail}
        rows = [self.model(user=user, kind=kind.name, by_mail=to) for kind, to in other.items()]
        self.bulk_create(rows, ignore_conflicts=True)


class Preference(models.Model):
    """Whether one person gets one kind of message by mail, where that is not the default."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences"
    )
    kind = models.CharField(max_length=40)
    by_mail = models.BooleanField()

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="preference_once")]

    def __str__(self):
        return f"{self.kind}, {'by mail' if self.by_mail else 'not mailed'}"


def _chosen(users: list[int]) -> models.QuerySet:
    """Read for each message."""
    rows = Preference.objects.filter(user__in=users).order_by()
    return rows.values_list("user", "kind", "by_mail")


_CHOSEN = PreparedAmong(_chosen)
