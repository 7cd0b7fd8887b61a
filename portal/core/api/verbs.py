"""One view for every verb: who may, what it takes, on what it is based, what it answers."""

from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.openapi import AutoSchema

from .answers import AnsweringView
from .etags import IF_MATCH, hold_match, require_match


class VerbSchema(AutoSchema):
    """The document of a verb, from what its route declares."""

    view: Any

    def get_operation_id(self) -> str:
        return self.view.operation.format(self.view.verb)

    def get_description(self) -> str:  # type: ignore[override]
        return self.view.about

    def get_request_serializer(self) -> Any:
        return self.view.takes

    def get_response_serializers(self) -> Any:
        return self.view.answers

    def get_override_parameters(self) -> list:
        return IF_MATCH if self.view.needs_match else []

    def get_examples(self) -> list:
        return self.view.examples


class VerbView(AnsweringView):
    """POST does `verb` on a thing and answers with the thing as it is then.

    A room says how its things are found (`thing`) and shown (`answer`); a route names the verb:

        path("runs/<int:pk>/finish/", OnRun.to("end", "End it.", takes=EndSerializer))
    """

    schema = VerbSchema()
    permissions: ClassVar[dict[str, str]] = {"POST": "of.the_route"}  # nobody has it

    verb: ClassVar[str] = ""
    about: ClassVar[str] = ""  # for the document
    operation: ClassVar[str] = "{}"  # its id there, made of the verb
    takes: ClassVar[Any] = None  # the serializer of what is sent
    answers: ClassVar[Any] = None  # that of what comes back
    needs_match: ClassVar[bool] = False  # whether If-Match says what it is based on
    examples: ClassVar[list] = []

    @classmethod
    def to(cls, verb: str, about: str, permission: str = "", **more: Any):
        """The view of this verb; without a permission of its own, with that of the room."""
        if permission:
            more["permissions"] = {"POST": permission}
        return cls.as_view(verb=verb, about=about, **more)

    def post(self, request, **address) -> HttpResponse:
        given = self.taken()
        with transaction.atomic():
            thing = self.thing(**address)
            self.require(thing)
            result = self.act(thing, **given)
        return self.answer(thing, result)

    def taken(self) -> dict:
        """What was sent, checked."""
        if self.takes:
            return self.checked(self.takes)
        self.nothing_sent()
        return {}

    def thing(self, **address) -> Any:
        """What the address names, as this person may see it; locked where a tag must hold."""
        raise NotImplementedError

    def hold_match(self, request, *args, **kwargs) -> None:
        """What is found says whether it holds: see `require`."""

    def require(self, thing) -> None:
        """Raise unless If-Match holds, where it is needed and where it is sent."""
        if self.needs_match:
            require_match(self.request, *self.tags(thing), difference=self.difference(thing))
        else:
            hold_match(self.request, *self.tags(thing))

    def tags(self, thing) -> tuple[str, ...]:
        """The tags that If-Match may name, the current one first; none: it has no tag."""
        etag = getattr(thing, "etag", "")
        return (etag,) if etag else ()

    def difference(self, thing) -> str:
        """Where to see what changed, for who is refused."""
        return thing.get_absolute_url()

    def act(self, thing, **given) -> Any:
        return getattr(thing, self.verb)(by=self.request.user, **given)

    def answer(self, thing, result) -> HttpResponse:
        raise NotImplementedError
