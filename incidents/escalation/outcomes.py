"""What became of calls: they arrived, or failed, and then the next ones are called at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from incidents.models import Call, CallOutcome, EntryKind, Escalation
from incidents.models.calls import TROUBLED
from incidents.models.entries import entry_of

AT_ONCE = 500
NO_MESSAGE = "no message could be sent"


def note_arrived(now: datetime) -> bool:
    """Note the calls whose messages were taken."""
    found = list(Call.objects.arrived().order_by().values_list("pk", flat=True)[:AT_ONCE])
    mine = Call.objects.waiting().filter(pk__in=found)
    return bool(found) and mine.update(outcome=CallOutcome.ARRIVED) > 0


def note_failed(now: datetime) -> bool:
    """Note what failed of one escalation; if its newest step reached nobody, hurry the next one."""
    first = Call.objects.troubled().order_by("at", "pk").first()
    if first is None:
        return False
    with transaction.atomic():
        rows = Escalation.objects.select_for_update().select_related(None)
        escalation = rows.get(pk=first.escalation_id)  # of two engines, one after the other
        failed = [*_failed(Call.objects.troubled().filter(escalation=escalation))]
        if failed:
            _say(escalation, failed, now)
            _hurry(escalation, now)
    return True


def _failed(calls: Iterable[Call]) -> Iterable[Call]:
    for call in list(calls):
        call.outcome, call.why = CallOutcome.FAILED, _why(call)
        call.save(update_fields=["outcome", "why"])
        yield call


def _why(call: Call) -> str:
    """By what it was tried; what the other side said may hold secrets."""
    names = call.deliveries().filter(TROUBLED).exclude(to="").values_list("transport", flat=True)
    tried = ", ".join(f"{name} failed" for name in sorted({*names}))
    return tried or NO_MESSAGE


def _say(escalation: Escalation, failed: list[Call], at: datetime) -> None:
    text = ", ".join(f"{call.name} ({call.why})" for call in failed)
    about = {
        "turn": failed[-1].turn,
        "not_reached": [{"name": call.name, "why": call.why} for call in failed],
    }
    incident = escalation.incident
    entry_of(incident, EntryKind.NOT_REACHED, text, by=None, at=at, about=about).save()


def _hurry(escalation: Escalation, at: datetime) -> None:
    """Wait for nobody whom nothing reached."""
    newest = Call.objects.of_turn(escalation)
    if newest.exists() and not newest.hopeful().exists():
        Escalation.objects.running().filter(pk=escalation.pk, due_at__gt=at).take_away(due_at=at)
