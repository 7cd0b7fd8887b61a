from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.data.audit import record
from portal.core.markdown.values import checked
from portal.core.problems import Refused
from runbooks.problems import BadValues, WrongState

from .entries import Entry, EntryKind
from .run_steps import RunStep, StepState

TYPED = {"environment", "release", "link"}
LOOKED_AT = 1000
SAID_BY_VALUES = ("environment", "release")


class RunState(models.TextChoices):
    """Where a run stands; all but the first are its end."""

    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    ABORTED = "aborted", "Aborted"
    ROLLED_BACK = "rolled_back", "Rolled back"


class RunQuerySet(models.QuerySet):
    def visible(self, user):
        """The runs this person may read."""
        return self if user.has_perm("runbooks.view_run") else self.none()

    def running(self):
        return self.filter(state=RunState.RUNNING)

    def ended(self):
        return self.exclude(state=RunState.RUNNING)

    def held_by(self, user):
        """What this person is in the middle of, the newest first."""
        return self.running().filter(holder=user).order_by("-started_at", "-pk")

    def unled_for(self, user):
        """Running ones whose lead is gone or switched off, of this person's teams or nobody's."""
        if not user.has_perm("runbooks.change_run"):
            return self.none()
        mine = Q(runbook__owner__in=Team.objects.of(user).values("pk")) | Q(runbook__owner=None)
        unled = Q(holder=None) | Q(holder__is_active=False)
        return self.running().filter(mine, unled).order_by("-started_at", "-pk")

    def waiting_for(self, user):
        """Running ones with a step that this person may confirm."""
        if not user.has_perm("runbooks.change_run"):
            return self.none()
        waiting = RunStep.objects.filter(state=StepState.WAITING).exclude(by=user)
        return self.running().filter(pk__in=waiting.values("run")).order_by("-started_at")

    def deployments(self):
        """The deployment log: runs of deployment and rollback runbooks."""
        return self.filter(kind__in=("deployment", "rollback"))

    def about_service(self, *slugs: str):
        """Those of services that are called so, and those of one that was when they began."""
        now = list(Service.objects.filter(slug__in=slugs).values_list("pk", flat=True))
        return self.filter(Q(service_slug__in=slugs) | (Q(service__in=now) if now else Q()))

    def changed_since(self, at):
        """Those that began, ended, or of whose log something is as new as that."""
        noted = Entry.objects.filter(at__gte=at).values("run")
        return self.filter(Q(started_at__gte=at) | Q(ended_at__gte=at) | Q(pk__in=noted))

    def former_services(self):
        """(slug, slug) of what services were called that are deleted or renamed since."""
        now = Service.objects.order_by().values("slug")
        gone = self.filter(service_slug__gt="").exclude(service_slug__in=now).order_by()
        return gone.annotate(was=F("service_slug")).values_list("service_slug", "was").distinct()

    def environments(self) -> list[str]:
        """Where the newest of them ran, to choose from."""
        names = self.recent().values_list("environment", flat=True)[:LOOKED_AT]
        return sorted(set(names) - {""})

    def recent(self):
        return self.order_by("-started_at", "-pk")

    @transaction.atomic
    def start(self, runbook, *, by, parameters=None, version=None, at=None, **about):
        """Begin to follow the published version.

        `version` is the number that the person has before them: another than the published one
        is refused. `about`: environment, release, service, link, rollback_of. Parameters named
        environment and release say it too, and the only service of the runbook is its service.
        Raises BadValues.
        """
        at = at or timezone.now()
        followed = followable(runbook, version)
        values, wrong = checked(followed.parameters, parameters or {})
        if wrong:
            raise BadValues(wrong)
        if about.get("rollback_of"):
            about["rollback_of"]._lock()  # one rollback at a time
            about["rollback_of"].require_rollback(runbook, by=by)
        about = _completed(about, runbook, values)
        run = self.model(
            runbook=runbook, version=followed, kind=runbook.kind, parameters=values, **about
        )
        run.started_by = run.holder = by
        run.starter_name = by.display_name if by else ""
        run.service_slug = run.service.slug if run.service else ""
        run.started_at = at
        run.clean_fields(exclude={field.name for field in run._meta.fields} - TYPED)
        run.save()
        RunStep.objects.bulk_create(_step(run, step, at) for step in followed.steps)
        run._note(EntryKind.STARTED, by, at, None, "")
        if run.rollback_of:
            run.rollback_of.note(f"Run {run.pk} rolls this back: {runbook}", by=by, at=at)
        record(run, "start", by=by)
        return run


def _completed(about: dict, runbook, values: dict[str, str]) -> dict:
    said = {name: about.get(name) or values.get(name, "") for name in SAID_BY_VALUES}
    if runbook.kind == "rollback":
        said["release"] = said["release"] or values.get("previous", "")
    service = about.get("service") or only_service(runbook)
    return {**about, **said, "service": service}


def only_service(runbook):
    """The service of a runbook that has exactly one, else None."""
    services = list(runbook.services.all()[:2])
    return services[0] if len(services) == 1 else None


def followable(runbook, number: int | None = None):
    """The version to follow. Raises WrongState, with the one to follow instead if there is one."""
    if runbook.successor:
        raise WrongState(
            f"It was merged into “{runbook.successor}”: follow that.",
            follow=runbook.successor.get_absolute_url(),
        )
    if runbook.archived_at:
        raise WrongState(
            "It is archived: see what is followed instead, or ask its owner.",
            follow=_instead_of(runbook),
        )
    version = runbook.published
    if version is None:
        raise WrongState("It is not published yet: nobody approved these steps.")
    if number is not None and number != version.number:
        raise WrongState(
            f"v{number} is not what readers see: v{version.number} is. Follow that.",
            follow=runbook.get_absolute_url(),
            version=version.number,
        )
    if not version.steps:
        raise Refused("No steps can be derived from its text: there is nothing to follow.")
    return version


def _instead_of(runbook) -> str:
    """The list of those of its kind and first service that are in use."""
    first = runbook.services.order_by("name").values_list("slug", flat=True).first()
    about = {"kind": runbook.kind, **({"service": first} if first else {})}
    return f"{reverse('runbooks:list')}?{urlencode(about)}"


def _step(run, step: dict, at) -> RunStep:
    return RunStep(
        run=run,
        number=step["number"],
        title=step["title"],
        asks_check=step["check"],
        asks_second=step["second_person"],
        opened_at=at if step["number"] == 1 else None,
    )
