"""The verbs on a run and on its steps."""

from typing import Any, ClassVar

from portal.accounts.models import User
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.problems import Refused
from runbooks.documents.api import examples
from runbooks.runs import serializers

from .base import RunsView, detail_of


class OnRun(VerbView, RunsView):
    """A verb on one run."""

    permissions = {"POST": "runbooks.change_run"}
    operation = "runs_{}"
    answers: ClassVar[Any] = serializers.RunSerializer

    def thing(self, pk):
        return self.run(pk)

    def answer(self, thing, result):
        found = detail_of(thing)
        return json_response(found, headers={"ETag": found["etag"]})


class OnStep(OnRun):
    """A verb on one step, which says whether it was this call that ticked it."""

    answers = serializers.TickedSerializer

    @classmethod
    def to(cls, verb, about, permission="", **more):
        more.setdefault("examples", examples.STEP_EXAMPLES[verb])
        return super().to(verb, about, permission, **more)

    def thing(self, pk, number):
        self.number = number
        return self.run(pk)

    def act(self, thing, **given):
        return getattr(thing, self.verb)(self.number, by=self.request.user, **given)

    def answer(self, thing, result):
        found = detail_of(thing)
        return json_response({**found, "ticked": result}, headers={"ETag": found["etag"]})


class HandOver(OnRun):
    takes = serializers.HandOverSerializer
    examples = examples.HAND_OVER_EXAMPLES

    def act(self, thing, to, note):
        person = User.objects.filter(username=to, is_active=True).first()
        if person is None:
            raise Refused(f"Nobody has the user name “{to}”.", pointer="/to")
        thing.hand_over(person, by=self.request.user, note=note)


class End(OnRun):
    takes = serializers.EndSerializer
    examples = examples.END_EXAMPLES

    def act(self, thing, outcome, note):
        thing.end(outcome, by=self.request.user, note=note)
