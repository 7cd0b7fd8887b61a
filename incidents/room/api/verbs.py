"""The verbs on an incident, each of which answers with the incident as it is then."""

from typing import Any, ClassVar

from incidents.files.record import lines
from incidents.models import Incident, Severity, Task
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.problems import Refused

from . import examples, taken
from .base import DETAIL, IncidentsView
from .lines import shown
from .serializers import TimelineEntrySerializer


class OnIncident(VerbView, IncidentsView):
    """A verb on one incident. What is so already is answered like what becomes so."""

    permissions = {"POST": "incidents.change_incident"}
    operation = "incidents_{}"
    answers: ClassVar[Any] = DETAIL

    def thing(self, number):
        return self.incident(number)

    def answer(self, thing, result):
        return self.answered(thing.pk)

    def other(self, number: int, pointer: str) -> Incident:
        """Another incident that this person may see."""
        other = Incident.objects.visible(self.request.user).filter(pk=number).first()
        if other is None:
            raise Refused(f"There is no incident {number}.", pointer=pointer)
        return other


class Escalate(OnIncident):
    takes = taken.EscalateIncidentSerializer
    examples = examples.ESCALATE


class ChangeSeverity(OnIncident):
    takes = taken.NewSeveritySerializer
    examples = examples.SEVERITY

    def act(self, thing, severity, reason):
        to = Severity.objects.of(severity)
        return thing.change_severity(to, by=self.request.user, reason=reason)


class Assign(OnIncident):
    takes = taken.AssignRoleSerializer
    examples = examples.ROLE

    def act(self, thing, role, person):
        return thing.assign(role, person, by=self.request.user)


class Note(OnIncident):
    takes = taken.IncidentNoteSerializer
    examples = examples.NOTE
    answers = TimelineEntrySerializer

    def answer(self, thing, result):
        found = lines(thing, self.request.user, [result.kind])
        line = next(each for each in found if each.id == result.pk)
        return json_response(shown(line))


class ToState(OnIncident):
    takes = taken.StateTextSerializer
    examples = examples.STATE


class Reopen(OnIncident):
    takes = taken.ReopenIncidentSerializer
    examples = examples.REOPEN


class Merge(OnIncident):
    takes = taken.MergeIncidentSerializer
    examples = examples.MERGE

    def act(self, thing, into):
        return thing.merge(self.other(into, "/into"), by=self.request.user)


class Relate(OnIncident):
    takes = taken.RelateIncidentSerializer
    examples = examples.RELATE

    def act(self, thing, to):
        return thing.relate(self.other(to, "/to"), by=self.request.user)


class AffectService(OnIncident):
    takes = taken.AffectServiceSerializer
    examples = examples.SERVICE

    def act(self, thing, service, is_affected, impact=None):
        if is_affected:
            return thing.affect(service, by=self.request.user, impact=impact)
        return thing.spare(service, by=self.request.user)


class AddTask(OnIncident):
    takes = taken.NewIncidentTaskSerializer
    examples = examples.TASK


class CompleteTask(OnIncident):
    def thing(self, number, task):
        incident = self.incident(number)
        self.task = self.found(Task.objects.filter(incident=incident), pk=task)
        return incident

    def act(self, thing):
        return thing.complete_task(self.task, by=self.request.user)


class AddLink(OnIncident):
    takes = taken.NewIncidentLinkSerializer
    examples = examples.LINK


class Restrict(OnIncident):
    takes = taken.RestrictIncidentSerializer
    examples = examples.RESTRICT

    def act(self, thing, is_restricted, reason):
        verb = thing.restrict if is_restricted else thing.unrestrict
        return verb(by=self.request.user, reason=reason)
