"""What is sent is of the type that the document says, or refused with what to send."""

import pytest
from django.utils.datastructures import MultiValueDict
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from portal.core.api import filters, times
from portal.core.api.types import refuse_other_types


class Layer(serializers.Serializer):
    starts_on = serializers.DateField()
    hand_over = serializers.TimeField()


class Sent(serializers.Serializer):
    at = serializers.DateTimeField()
    layers = Layer(many=True)
    kind = serializers.ChoiceField(choices=[("web", "Web"), ("data", "Data")], allow_blank=True)
    days = serializers.ListField(child=serializers.ChoiceField(choices=["monday", "sunday"]))
    own = serializers.ChoiceField(choices=["a"], error_messages={"invalid_choice": "Only a."})
    values = serializers.DictField(child=serializers.CharField())
    free = serializers.DictField()


def refused(**sent):
    try:
        refuse_other_types(Sent(), sent)
    except ValidationError as error:
        return error.detail
    return {}


@pytest.mark.parametrize(
    "sent",
    [
        {"at": "2026-12-05T08:00:00Z", "kind": "web", "days": ["sunday"], "values": {"a": "b"}},
        {"at": "2026-12-05T08:00:00.25+05:30", "kind": "", "free": {"a": 1, "b": None}},
        {"layers": [{"starts_on": "2026-12-05", "hand_over": "09:00"}], "kind": None},
        {"own": "b"},  # the field says itself what is wrong
    ],
)
def test_what_has_its_type_is_taken(sent):
    assert refused(**sent) == {}


def test_another_word_than_those_of_a_choice_is_told_which_there_are():
    said = refused(kind="dada", days=["monday", "x"])

    assert said["kind"] == ["Use one of web, data. Did you mean “data”?"]
    assert said["kind"][0].code == "invalid_choice"
    assert said["days"] == [{}, ["Use one of monday, sunday."]]


@pytest.mark.parametrize("day", ["2026-12-05", "20261205T080000Z", "2026-W49-6", "tomorrow", ""])
def test_what_is_no_time_is_not_guessed(day):
    assert refused(at=day) == {"at": ["Use a time such as 2026-01-31T08:00:00Z."]}
    assert times.moment(day) is None
    with pytest.raises(ValidationError):
        filters.since(MultiValueDict({"changed_since": [day or "x"]}))


@pytest.mark.parametrize("hour", ["09:00+05:00", "09:00Z", "09", "0900"])
def test_an_hour_of_the_wall_has_no_offset_that_would_be_dropped(hour):
    said = refused(layers=[{"starts_on": "2026-12-05", "hand_over": hour}])

    wrong = {"hand_over": ["Use a time of day such as 09:00, without an offset."]}
    assert said == {"layers": [wrong]}
    said = refused(layers=[{"starts_on": "20261205", "hand_over": "09:00"}])
    assert said == {"layers": [{"starts_on": ["Use a day such as 2026-01-31."]}]}


def test_values_by_name_are_of_their_type_too():
    assert refused(values={"a": "b", "c": 5, "d": 1.5}) == {
        "values": {"c": ["Send a text, in quotes."], "d": ["Send a text, in quotes."]}
    }
