from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse
from django.utils import timezone

from onboarding import notices
from onboarding.privacy.retention import kept_since
from portal.accounts.models import Team, User
from portal.core.data.audit import record
from portal.core.problems import Refused


class AssignmentQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at=None)

    def asking_since(self, at=None):
        """Those by name or team that still ask: see `privacy.retention`."""
        since = kept_since(at)
        return self if since is None else self.filter(created_at__gte=since)

    def of_groups(self):
        """Those that may ask more people tomorrow than today, of guides that can be begun."""
        rows = self.standing().filter(user=None, guide__archived_at=None)
        return rows.filter(guide__published__isnull=False)

    def of(self, user, at=None):
        """What this person is asked to follow: by name, through a team, or as somebody new."""
        return self.asking(user, joined=user.date_joined, since=kept_since(at))

    def asking(self, user, *, joined, since):
        """What asks somebody who joined then; without what was said before `since`."""
        own = Q(user=user) | Q(team__members=user)
        new = Q(everybody_new=True, created_at__lte=joined)
        if since is not None:
            own &= Q(created_at__gte=since)
            new &= Q(GreaterThanOrEqual(Value(joined), Value(since)))
        return self.standing().filter(own | new).distinct()

    def forget(self, *, before) -> int:
        """Delete those that have long asked nobody: they name people. Returns how many."""
        ended = Q(everybody_new=False, created_at__lt=before) | Q(withdrawn_at__lt=before)
        return self.filter(ended).delete()[0]

    def about(self, user):
        """Those that name this person: as who is asked, or who asked."""
        return self.filter(Q(user=user) | Q(by=user))

    def forget_person(self, user) -> int:
        """Delete those by this name, and forget that this person asked others. Returns how many."""
        return self.filter(user=user).delete()[0] + self.filter(by=user).update(by=None)

    @transaction.atomic
    def assign(self, guide, *, by, user=None, team=None, everybody_new=False, at=None, **due):
        """Ask people to follow a guide. `due`: due_on (a date) or due_days after they join.

        The same twice changes when it is due, which they are told, and makes no second one.
        """
        if sum(map(bool, (user, team, everybody_new))) != 1:
            raise Refused("Assign it to one person, one team, or everybody new.", pointer="/user")
        at = at or timezone.now()
        _require_followable(guide)
        _require_day(due.get("due_on"), due.get("due_days"), at)
        type(guide)._default_manager.select_for_update().get(pk=guide.pk)  # of two, one waits
        target = {"user": user, "team": team, "everybody_new": everybody_new}
        row = self.standing().filter(guide=guide, **target).first()
        fresh = row is None
        row = row or self.model(guide=guide, by=by, created_at=at, **target)
        changed = row.set_due(due.get("due_on"), due.get("due_days"), at)
        row.full_clean()
        row.save()
        record(row, "start", by=by)
        notices.assigned(row)
        if changed and not fresh:
            notices.day_changed(row, at=at)
        return row


def _require_followable(guide) -> None:
    if guide.archived_at:
        raise Refused("It is archived: nobody can start it.", pointer="/guide")
    if guide.published_id is None:
        raise Refused("It is not published yet: publish it, then assign it.", pointer="/guide")


def _require_day(due_on, due_days, at) -> None:
    if due_on and due_days is not None:
        raise Refused("Give either a day or a number of days.", pointer="/due_days")
    if due_on and due_on < timezone.localdate(at):
        raise Refused("This day is past: choose today or a later one.", pointer="/due_on")


class Assignment(models.Model):
    """A guide that somebody is asked to follow, and until when."""

    guide = models.ForeignKey("Guide", on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="assignments",
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="assignments"
    )
    everybody_new = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Days after somebody joined; for everybody new."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, team=None, everybody_new=False)
                | Q(user=None, team__isnull=False, everybody_new=False)
                | Q(user=None, team=None, everybody_new=True),
                name="assigned_to_one",
            ),
            *(
                models.UniqueConstraint(
                    fields=["guide", *fields], condition=condition & Q(withdrawn_at=None), name=name
                )
                for fields, condition, name in (
                    (["user"], Q(user__isnull=False), "assigned_once_to_user"),
                    (["team"], Q(team__isnull=False), "assigned_once_to_team"),
                    ([], Q(everybody_new=True), "assigned_once_to_new"),
                )
            ),
        ]

    def __str__(self):
        return f"{self.guide} for {self.whom}"

    def get_absolute_url(self):
        return reverse("onboarding:assignment", args=[self.pk])

    @property
    def whom(self) -> str:
        return str(self.user or self.team or "everybody new")

    def due_for(self, user):
        """The day until which this person should finish, or None."""
        if self.due_on:
            return self.due_on
        if self.due_days is None:
            return None
        return timezone.localdate(self.asked_at(user)) + timedelta(days=self.due_days)

    def set_due(self, due_on, due_days, at) -> bool:
        """Whether this changes the day. Days count from now, also if it was assigned before."""
        if self.pk and due_days is not None and not self.everybody_new:
            due_on, due_days = timezone.localdate(at) + timedelta(days=due_days), None
        was = self.due_on, self.due_days
        self.due_on, self.due_days = due_on, due_days
        return was != (due_on, due_days)

    def asked_at(self, user):
        """Since when this person is asked."""
        return user.date_joined if self.everybody_new else self.created_at

    def counts_visible(self, user) -> bool:
        """How far one named person is, is for those who may see progress."""
        return self.user_id is None or user.has_perm("onboarding.view_progress")

    def people(self, at=None):
        """The active people that it asks."""
        rows, since = User.objects.active(), kept_since(at)
        if self.everybody_new:
            return rows.filter(date_joined__gte=max(filter(None, (self.created_at, since))))
        if since is not None and self.created_at < since:
            return rows.none()
        return rows.filter(pk=self.user_id) if self.user_id else rows.filter(teams=self.team_id)

    def withdraw(self, *, by, at=None) -> None:
        """Nobody is asked any more; what people did stays."""
        rows = type(self).objects.filter(pk=self.pk, withdrawn_at=None)
        if rows.update(withdrawn_at=at or timezone.now()):
            record(self, "withdraw", by=by)
