"""What a new portal still needs, for operators: on their first page until all of it is done."""

from datetime import datetime
from typing import NamedTuple

from django.core.cache import caches
from django.db.models import QuerySet
from django.urls import reverse

from incidents.models import Component, EscalationPolicy, Rotation
from onboarding.models import Guide
from portal.accounts.models import Team, User
from portal.accounts.people.prepared import Waiting
from portal.architecture.models import Service
from portal.core.web.attention import Act, Card, Priority, Row
from portal.core.web.status import Status
from portal.monitoring.models import Intake
from portal.notifications.models import Beat, Delivery, DeliveryState
from portal.notifications.models.beats import SILENT
from portal.notifications.transports import mail
from runbooks.models import Runbook

PERMISSION = "accounts.add_user"
DONE = "set-up-is-done"  # in the cache of each process
REMEMBERED = 3600  # seconds
SETTINGS = "settings"  # the page of the library about them
MAIL = (
    "Set PORTAL_EMAIL_URL, such as submission://USER:PASSWORD@mail.example.org:587, and "
    "PORTAL_EMAIL_FROM. Until then messages wait."
)
TO_DO = Status("idle", "none", "To do")
IS_DONE = Status("ok", "ok", "Done")


class Step(NamedTuple):
    """Something to set up: whether it is, what to know about it, and where it is done."""

    title: str
    is_done: bool
    line: str
    label: str
    address: str

    @property
    def row(self) -> Row:
        act = None if self.is_done else Act(self.label, self.address, f": {self.title}")
        status = IS_DONE if self.is_done else TO_DO
        line = "" if self.is_done else self.line
        return Row(self.address, self.title, line, act, [status])


def card(user, at: datetime) -> Card | None:
    """The checklist; None for others, for who hid it, and once all is done."""
    cache = caches["process"]
    if user.hides_setup or not user.has_perm(PERMISSION) or cache.get(DONE):
        return None
    found = steps(user, at)
    done = sum(step.is_done for step in found)
    if done == len(found):
        cache.set(DONE, True, REMEMBERED)
        return None
    return Card(
        "Set up this portal",
        [step.row for step in found],
        Priority.WAITING,
        template="_setup_card.html",
        context={"done": done},
    )


def steps(user, at: datetime) -> list[Step]:
    """All of them in their order; one query."""
    found = facts(user, heard_since=at - SILENT)
    return [
        _people(found),
        _mail(user, found),
        _engine(found),
        _service(found),
        _alerts(found),
        _on_call(found),
        _policy(found),
        _status_page(found),
        _runbooks(found),
        _owners(found),
    ]


def questions(user, *, heard_since: datetime) -> dict[str, QuerySet]:
    """What the steps ask the database, by name: whether there is any."""
    mailed = Delivery.objects.among("mail")
    sent, tried = DeliveryState.SENT, mailed.filter(attempts__gt=0)
    return {
        "colleagues": User.objects.active().exclude(pk=user.pk),
        "sent": mailed.filter(state=sent),
        "not sent": tried.exclude(state=sent),
        "engine": Beat.objects.filter(at__gt=heard_since),
        "services": Service.objects.all(),
        "intakes": Intake.objects.all(),
        "rotations": Rotation.objects.current(),
        "policies": EscalationPolicy.objects.current(),
        "components": Component.objects.all(),
        "runbooks": Runbook.objects.published(),
        "teams": Team.objects.filter(members__isnull=False),
        "unowned runbooks": Runbook.objects.unowned(),
        "unowned guides": Guide.objects.unowned(),
        "unowned services": Service.objects.filter(owner=None),
        "settings page": Runbook.objects.published().filter(slug=SETTINGS),
    }


NAMES = (
    *("colleagues", "sent", "not sent", "engine", "services", "runbooks", "teams"),
    *("intakes", "rotations", "policies", "components"),
    *("unowned runbooks", "unowned guides", "unowned services", "settings page"),
)
facts = Waiting(NAMES, questions)


def _people(found: set[str]) -> Step:
    line = "Make an account for each colleague, with a role and an e-mail address."
    address = reverse("admin:accounts_user_add")
    return Step("Add people", "colleagues" in found, line, "Add person", address)


def _mail(user, found: set[str]) -> Step:
    label, address = "Show", reverse("notifications:deliveries")
    is_done = False
    if not mail.is_configured():
        line = MAIL
        if "settings page" in found:
            label, address = "All settings", reverse("runbooks:detail", args=[SETTINGS])
    elif "not sent" in found and "sent" not in found:
        line = "The mail server has taken no message yet. The messages say why."
    elif not user.email:
        line = "Your own profile has no e-mail address, so nothing reaches you."
        label, address = "Add address", reverse("profile")
    else:
        is_done, line = True, ""
    return Step("Send e-mail", is_done, line, label, address)


def _engine(found: set[str]) -> Step:
    line = "Start “./run engine” beside “./run serve”: it sends mail and does what is due."
    address = reverse("notifications:deliveries")
    return Step("Run the engine", "engine" in found, line, "Show", address)


def _service(found: set[str]) -> Step:
    line = "Describe what your team runs, or import the files of your catalog."
    address = reverse("admin:architecture_service_add")
    return Step("Describe the first service", "services" in found, line, "Add service", address)


def _alerts(found: set[str]) -> Step:
    line = "Create an intake for each tool that sends alerts: its address and key go there."
    address = reverse("monitoring:new-intake")
    return Step("Connect your alerts", "intakes" in found, line, "New intake", address)


def _on_call(found: set[str]) -> Step:
    line = "A rotation says who is on call at which hours."
    address = reverse("oncall:new-rotation")
    return Step("Plan who is on call", "rotations" in found, line, "New rotation", address)


def _policy(found: set[str]) -> Step:
    line = "Without an escalation policy an incident calls all operators at once."
    address = reverse("incidents:new-policy")
    return Step("Say who is called", "policies" in found, line, "New policy", address)


def _status_page(found: set[str]) -> Step:
    line = "A component is a service by the name that customers know."
    address = reverse("status:new-component")
    title = "Fill the status page"
    return Step(title, "components" in found, line, "Add component", address)


def _runbooks(found: set[str]) -> Step:
    line = (
        "In a shell on the server, “./run manage import_docs FOLDER” reads Hugo, MkDocs and "
        "plain trees; or write one here."
    )
    address = reverse("runbooks:new")
    return Step("Import runbooks", "runbooks" in found, line, "Write one", address)


def _owners(found: set[str]) -> Step:
    title = "Name the owners"
    if "teams" not in found:
        line = "Make a team with people in it. Owners are asked when something is late."
        return Step(title, False, line, "Add team", reverse("admin:accounts_team_add"))
    for kind, address in _lists_of_unowned().items():
        if f"unowned {kind}" in found:
            line = f"Some {kind} have no owner: nobody is asked when they are late."
            return Step(title, False, line, "Show", address)
    return Step(title, True, "", "", reverse("runbooks:list"))


def _lists_of_unowned() -> dict[str, str]:
    return {
        "runbooks": f"{reverse('runbooks:list')}?attention=unowned",
        "guides": f"{reverse('admin:onboarding_guide_changelist')}?attention=unowned",
        "services": reverse("architecture:findings"),
    }
