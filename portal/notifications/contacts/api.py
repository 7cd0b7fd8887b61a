"""How somebody is reached, through the API. The routes stand in portal/api.py."""

from collections.abc import Mapping
from datetime import time
from typing import Any, ClassVar

import orjson
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from portal.accounts.api.confirmation import require_confirmation
from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView
from portal.core.api.etags import IF_MATCH, of_content, of_drawing, require_match
from portal.core.api.parameters import FIELDS, PAGED, page_of, sent
from portal.core.api.problems import answer_to
from portal.core.api.refusals import refusals_of
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.data import clock
from portal.core.problems import DomainError, Refused
from portal.notifications.deliveries.api import one_delivery
from portal.notifications.deliveries.serializers import DeliveryWithAttemptsSerializer
from portal.notifications.models import ContactMethod, Delivery, QuietHours
from portal.notifications.models.contact_methods import TEST, tag_of
from portal.notifications.problems import NotVerified, TooManyCodes

from . import serializers, verbs

ROW = serializers.ContactMethodSerializer
KEYS = ("pk", "revision")
NEW = sent(
    "A phone that gets what is urgent",
    kind="service",
    to="ntfys://ntfy.example.org/alerts-of-nina-4f1c",
    label="Phone",
    least_urgency="high",
)
FIRST = sent("Make it the first", position=1)
HOURS = sent("At night", is_on=True, starts="22:00", ends="07:00", wakes_for="urgent")
A_MOMENT_AGO = "One was queued a moment ago. Try again in a minute."


class MethodView(Idempotent, AnsweringView):
    area = "notifications"

    def method(self, pk: int) -> ContactMethod:
        rows = ContactMethod.objects.of(self.request.user).select_related("person")
        return self.found(rows.select_for_update(of=("self",)), pk=pk)

    def all(self) -> list[dict]:
        """Those of this person, in order, each with its place and its tag."""
        rows = ROW.values(ContactMethod.objects.of(self.request.user), ROW.usual(), KEYS)
        read, found = ROW.reader(ROW.usual(), KEYS), []
        for position, row in enumerate(rows, start=1):
            whole = {**read(row), "position": position}
            drawn = orjson.dumps(whole, default=str, option=orjson.OPT_SORT_KEYS).decode()
            whole["etag"] = of_drawing(tag_of(*row[: len(KEYS)]), drawn)
            found.append({name: whole[name] for name in ROW.usual()})
        return found

    def one(self, pk: int) -> dict:
        found = [each for each in self.all() if each["id"] == pk]
        if not found:
            raise Http404
        return found[0]

    def answered(self, pk: int) -> HttpResponse:
        said = self.one(pk)
        return json_response(said, headers={"ETag": said["etag"]})


class ContactMethods(MethodView):
    permissions = {"GET": "signed-in", "POST": "signed-in"}

    @extend_schema(
        operation_id="me_contact_methods_list",
        parameters=[*FIELDS, *PAGED],
        responses=page_of(ROW),
    )
    def get(self, request):
        """How you are reached beside the address in your profile, the first one first."""
        names = ROW.chosen(request.query_params)
        rows = [{name: each[name] for name in names} for each in self.all()]
        return self.computed(rows, "contact-methods")

    @extend_schema(
        operation_id="me_contact_methods_create",
        request=serializers.NewMethodSerializer,
        responses={201: ROW},
        examples=NEW,
    )
    def post(self, request):
        """Add one and send a code to it: it gets nothing else until you have sent that back.

        With the session of a browser, the password must have been typed a moment ago.
        """
        require_confirmation(request)
        given = self.checked(serializers.NewMethodSerializer)
        with refusals_of(to="address"):
            made = verbs.add(request.user, at=clock.now(), **given)
        return self.made(self.one(made.pk), reverse("api:contact-method", args=[made.pk]))


class ContactMethodDetail(MethodView):
    permissions = {"GET": "signed-in", "PATCH": "signed-in", "DELETE": "signed-in"}

    @extend_schema(operation_id="me_contact_methods_read", parameters=FIELDS, responses=ROW)
    def get(self, request, pk):
        """One of them."""
        names, said = ROW.chosen(request.query_params), self.one(pk)
        return json_response({n: said[n] for n in names}, headers={"ETag": said["etag"]})

    @extend_schema(
        operation_id="me_contact_methods_change",
        request=serializers.ChangeMethodSerializer(partial=True),
        parameters=IF_MATCH,
        responses=ROW,
        examples=FIRST,
    )
    def patch(self, request, pk):
        """Change its label, what it gets, or its place. You get a message about the latter two."""
        with transaction.atomic():
            method = self.method(pk)
            require_match(request, method.etag, difference=method.get_absolute_url())
            given = dict(self.checked(serializers.ChangeMethodSerializer, partial=True))
            place = given.pop("position", None)
            if given:
                verbs.change(method, at=clock.now(), **given)
            if place is not None:
                verbs.move(method, place - self.one(pk)["position"], at=clock.now())
        return self.answered(pk)

    @extend_schema(
        operation_id="me_contact_methods_delete", parameters=IF_MATCH, responses={204: None}
    )
    def delete(self, request, pk):
        """Send nothing to it any more and forget its address. You get a message about it.

        With the session of a browser, the password must have been typed a moment ago.
        """
        require_confirmation(request)
        with transaction.atomic():
            method = self.method(pk)
            require_match(request, method.etag, difference=method.get_absolute_url())
            verbs.remove(method, at=clock.now())
        return HttpResponse(status=204)


class OnMethod(VerbView, MethodView):
    """A verb on one of them."""

    permissions = {"POST": "signed-in"}
    operation = "me_contact_methods_{}"
    answers: ClassVar[Any] = ROW

    def thing(self, pk):
        return self.method(pk)

    def answer(self, thing, result):
        return self.answered(thing.pk)


class SendCode(OnMethod):
    def act(self, thing):
        if not Delivery.objects.post_code(thing, at=clock.now()):
            raise TooManyCodes(A_MOMENT_AGO)


class Verify(OnMethod):
    takes = serializers.CodeSerializer  # no example would be accepted: each code is another one

    def post(self, request, pk):
        """A refusal is answered, not raised: that a wrong code was tried has to stay counted."""
        given, method = self.taken(), self.found(ContactMethod.objects.of(request.user), pk=pk)
        self.require(method)
        try:
            verbs.verify(method, given["code"], at=clock.now())
        except DomainError as refusal:
            return answer_to(refusal, request)
        return self.answered(pk)


class SendTest(OnMethod):
    answers = DeliveryWithAttemptsSerializer

    def act(self, thing):
        if not thing.is_verified:
            raise NotVerified("Send its code back first: until then it gets nothing else.")
        Delivery.objects.post_test(thing, at=clock.now())
        return thing.deliveries.filter(kind=TEST).latest("pk")

    def answer(self, thing, result):
        return one_delivery(result)


class MyQuietHours(AnsweringView):
    area = "notifications"
    permissions = {"GET": "signed-in", "PUT": "signed-in"}

    @extend_schema(operation_id="me_quiet_hours", responses=serializers.QuietHoursSerializer)
    def get(self, request):
        """When you are left alone by what is not urgent, or by everything but mail."""
        return shown(hours_of(request.user))

    @extend_schema(
        operation_id="me_quiet_hours_change",
        request=serializers.WriteQuietHoursSerializer,
        parameters=IF_MATCH,
        responses=serializers.QuietHoursSerializer,
        examples=HOURS,
    )
    def put(self, request):
        """Have quiet hours, others, or none. You get a message about it.

        What you leave out stays as it is, also while they are off.
        """
        user = request.user
        with transaction.atomic():
            list(QuietHours.objects.select_for_update().filter(person=user))
            require_match(request, hours_of(user)["etag"])
            given = self.checked(serializers.WriteQuietHoursSerializer)
            verbs.choose_hours(user, at=clock.now(), **chosen(given, user.zone))
        return shown(hours_of(user))


def chosen(given: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """What the verb takes, of what was sent. Raises Refused for another time zone."""
    if given.get("time_zone", zone) != zone:
        raise Refused("It is that of your profile: change it there.", pointer="/time_zone")
    found = {name: given[name] for name in given if name not in ("time_zone", "etag")}
    times = {name: time.fromisoformat(found[name]) for name in ("starts", "ends") if name in found}
    return found | times


def hours_of(user) -> dict:
    """As programs see them, with their tag."""
    found = QuietHours.objects.of(user)
    hours = found or QuietHours()
    said = {
        "is_on": bool(found and found.is_on),
        "starts": f"{hours.starts:%H:%M}",
        "ends": f"{hours.ends:%H:%M}",
        "weekdays": hours.weekdays,
        "wakes_for": hours.wakes_for,
        "time_zone": user.zone,
    }
    return {**said, "etag": of_content(orjson.dumps(said))}


def shown(said: dict) -> HttpResponse:
    return json_response(said, headers={"ETag": said["etag"]})
