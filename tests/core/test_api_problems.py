import json
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import Http404
from django.test import RequestFactory
from rest_framework import exceptions, serializers

from portal.core.api.problems import exception_handler, problem_response
from portal.core.markdown import MarkdownError, MarkdownTooLarge
from portal.core.problems import Conflict, Forbidden, PreconditionRequired, Refused, Stale, TooLarge

SECRET = "SELECT password FROM /srv/portal/settings.py"


def answered(error, path="/api/v1/things/"):
    """The response to an error and its document."""
    request = RequestFactory().get(path)
    request.id = "request-1"
    response = exception_handler(error, {"view": None, "request": request})
    assert response.headers["Content-Type"] == "application/problem+json"
    return response, json.loads(response.content)


def errors(error):
    return {(row["pointer"], row["code"]) for row in answered(error)[1]["errors"]}


def test_a_problem_has_all_members_of_rfc_9457():
    response, problem = answered(Conflict("It is archived."))

    assert response.status_code == 409
    assert problem == {
        "type": "/api/problems/conflict",
        "title": "Conflict",
        "status": 409,
        "detail": "It is archived.",
        "instance": "/api/v1/things/",
        "request_id": "request-1",
    }


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (exceptions.ParseError(), 400),
        (Refused("x"), 400),
        (SuspiciousOperation(SECRET), 400),
        (MarkdownError("x"), 400),
        (exceptions.NotAuthenticated(), 401),
        (exceptions.PermissionDenied(), 403),
        (PermissionDenied(SECRET), 403),
        (Forbidden("x"), 403),
        (Http404(SECRET), 404),
        (exceptions.MethodNotAllowed("PUT"), 405),
        (exceptions.NotAcceptable(), 406),
        (Conflict("x"), 409),
        (IntegrityError("UNIQUE constraint failed: runbooks_runbook.slug"), 409),
        (Stale("x"), 412),
        (TooLarge("x"), 413),
        (MarkdownTooLarge("x"), 413),
        (RequestDataTooBig(SECRET), 413),
        (exceptions.UnsupportedMediaType("text/xml"), 415),
        (PreconditionRequired("x"), 428),
        (exceptions.Throttled(wait=9), 429),
        (exceptions.APIException(SECRET), 500),
        (IntegrityError(f"NOT NULL constraint failed {SECRET}"), 500),
        (ZeroDivisionError(SECRET), 500),
        (RecursionError(SECRET), 500),
        (OperationalError(f"{SECRET} is locked"), 503),
    ],
)
@pytest.mark.parametrize("debug", [True, False])
def test_every_error_is_a_problem_of_its_status_and_leaks_nothing(error, status, debug, settings):
    settings.DEBUG = debug
    response, problem = answered(error)

    assert response.status_code == problem["status"] == status
    assert problem["detail"]
    assert problem["title"]
    assert SECRET not in response.content.decode()


def test_who_must_wait_is_told_how_long():
    assert answered(exceptions.Throttled(wait=9))[0]["Retry-After"] == "9"
    assert answered(OperationalError("gone"))[0]["Retry-After"] == "5"


def test_problems_are_not_kept_by_caches():
    assert answered(Http404())[0]["Cache-Control"] == "no-store"


def test_a_stale_write_learns_the_current_tag_and_the_difference():
    response, problem = answered(Stale("x", current='"v3-0"', difference="/compare/2/3/"))

    assert response["ETag"] == problem["current"] == '"v3-0"'
    assert problem["difference"] == "/compare/2/3/"


def test_a_refusal_points_at_the_member():
    problem = answered(Refused("There is no such runbook.", pointer="/into"))[1]

    assert problem["errors"] == [
        {"pointer": "/into", "code": "refused", "detail": "There is no such runbook."}
    ]
    assert "pointer" not in problem


class Contact(serializers.Serializer):
    email = serializers.EmailField()


class Thing(serializers.Serializer):
    title = serializers.CharField(max_length=3)
    numbers = serializers.ListField(child=serializers.IntegerField(), max_length=2)
    contacts = Contact(many=True)
    labels = serializers.DictField(child=serializers.IntegerField())


def test_pointers_lead_into_what_was_sent():
    thing = Thing(
        data={
            "title": "too long",
            "numbers": [1, "x"],
            "contacts": [{"email": "a@example.org"}, {"email": "no"}, {}],
            "labels": {"a/b.c~d": "x"},
        }
    )
    thing.is_valid()

    assert errors(exceptions.ValidationError(thing.errors)) == {
        ("/title", "max_length"),
        ("/numbers/1", "invalid"),
        ("/contacts/1/email", "invalid"),
        ("/contacts/2/email", "required"),
        ("/labels/a~1b.c~0d", "invalid"),
    }


def test_a_message_may_stand_alone_under_its_member():
    assert errors(exceptions.ValidationError({"limit": "Use a number."})) == {("/limit", "invalid")}
    assert errors(exceptions.ValidationError({"a": {"b": ["x", "y"]}})) == {("/a/b", "invalid")}


def test_errors_of_the_whole_have_the_empty_pointer():
    assert errors(exceptions.ValidationError("no")) == {("", "invalid")}
    assert errors(exceptions.ValidationError({"non_field_errors": ["no"]})) == {("", "invalid")}
    assert errors(ModelError("no")) == {("", "invalid")}
    assert errors(ModelError({"__all__": ["no"], "slug": ["x"]})) == {
        ("", "invalid"),
        ("/slug", "invalid"),
    }


def test_the_summary_names_the_first_error_and_counts_the_rest():
    error = exceptions.ValidationError({"title": ["Too long."], "note": ["Missing."]})

    assert answered(error)[1]["detail"] == "title: Too long. (and 1 more)"


@pytest.mark.parametrize(
    ("path", "instance"),
    [
        ("/api/größe", "/api/gr%C3%B6%C3%9Fe"),
        ("/api/a b<script>", "/api/a%20b%3Cscript%3E"),
        ("//evil.example/api/", "/%2Fevil.example/api/"),
    ],
)
def test_the_instance_is_a_relative_reference(path, instance):
    request = SimpleNamespace(path=path, id="request-1")
    response = problem_response(request, status=404)

    assert json.loads(response.content)["instance"] == instance


@pytest.mark.django_db
def test_a_broken_uniqueness_of_the_database_is_a_conflict(django_user_model):
    django_user_model.objects.create(username="nina")
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        django_user_model.objects.create(username="nina")

    assert answered(broken.value)[0].status_code == 409


@pytest.mark.django_db
def test_any_other_broken_constraint_is_our_mistake():
    with pytest.raises(IntegrityError) as broken, transaction.atomic(), connection.cursor() as rows:
        rows.execute("INSERT INTO django_session (session_key) VALUES ('x')")

    assert answered(broken.value)[0].status_code == 500
