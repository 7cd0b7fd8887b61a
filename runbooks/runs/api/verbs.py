"""The verbs on a run and on its steps."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.accounts.models import User
from portal.accounts.people.fields import PersonField
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.problems import Conflict, Refused
from runbooks.documents.api import examples
from runbooks.models.runs import FOLLOW
from runbooks.problems import Settled
from runbooks.runs import serializers
from runbooks.runs.forms import followers

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
        try:
            return getattr(thing, self.verb)(self.number, by=self.request.user, **given)
        except Settled as refusal:
            refusal.extra["follow"] = reverse("api:retry-step", args=[thing.pk, self.number])
            raise

    def answer(self, thing, result):
        found = detail_of(thing)
        return json_response({**found, "ticked": result}, headers={"ETag": found["etag"]})


class HandOver(OnRun):
    takes = serializers.HandOverSerializer
    examples = examples.HAND_OVER_EXAMPLES

    def act(self, thing, to, note):
        person = User.objects.active().filter(username=to).first() or _follower(to)
        if thing.is_running and thing.holder_id == person.pk:
            raise Conflict(f"{person} leads run {thing.pk} already.")
        thing.hand_over(person, by=self.request.user, note=note)


def _follower(name: str) -> User:
    """Who may follow runbooks and is called so, read as the form of the page reads it."""
    field, listed = PersonField(followers), f"{reverse('api:people')}?permission={FOLLOW}"
    field.hint = f"{listed} lists who may lead a run."
    try:
        return field.clean(name)
    except ValidationError as error:
        raise Refused(error.messages[0], pointer="/to", follow=listed) from error


class End(OnRun):
    takes = serializers.EndSerializer
    examples = examples.END_EXAMPLES

    def act(self, thing, outcome, note):
        thing.end(outcome, by=self.request.user, note=note)
