"""The verbs of an incident on its pages: what they ask, do, refuse, and do once."""

import re

import pytest

from incidents.models import Incident
from tests.incidents.world import declare, make_policy, make_service

pytestmark = pytest.mark.django_db
LONG = "x" * 20_001


@pytest.fixture
def incident(rita, olga):
    return declare(rita, services=[make_service(policy=make_policy(olga))])


def post(client, incident, verb, **data):
    return client.post(f"{incident.get_absolute_url()}{verb}/", data)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize(
    ("verb", "data", "becomes"),
    [
        ("identify", {"text": "The disk"}, {"state": "identified"}),
        ("mitigate", {}, {"state": "monitoring"}),
        ("resolve", {"text": "More disk"}, {"state": "resolved", "outcome": "More disk"}),
        ("close", {"text": "A false alarm"}, {"state": "closed"}),
        ("severity", {"level": "1", "text": "All of it"}, {"level": 1}),
        ("escalate", {"text": "I need help"}, {"state": "investigating"}),
        ("restrict", {"text": "Personal data"}, {"is_restricted": True}),
        ("acknowledge", {}, {"acknowledged_by_id": "rita"}),
    ],
)
def test_a_verb_is_done_and_leads_back(verb, data, becomes, incident, client_of, rita):
    answer = post(client_of(rita), incident, verb, **data)

    assert answer.status_code == 302 and answer.headers["Location"] == incident.get_absolute_url()
    incident.refresh_from_db()
    wanted = {name: rita.pk if value == "rita" else value for name, value in becomes.items()}
    assert {name: getattr(incident, name) for name in wanted} == wanted
    assert incident.entries.last().by == rita


@pytest.mark.anywhere
@pytest.mark.parametrize(
    "verb", ["identify", "mitigate", "resolve", "severity", "escalate", "merge", "edit", "restrict"]
)
def test_each_asks_first_and_readers_may_not(verb, incident, client_of, rita, nina):
    address = f"{incident.get_absolute_url()}{verb}/"

    assert client_of(rita).get(address).status_code == 200
    assert client_of(nina).get(address).status_code == 403
    assert post(client_of(nina), incident, verb, text="x").status_code == 403


def test_what_comes_back_needs_a_reason(incident, client_of, rita):
    client = client_of(rita)
    post(client, incident, "resolve")

    assert post(client, incident, "reopen").status_code == 400
    assert post(client, incident, "reopen", text="It is back").status_code == 302
    incident.refresh_from_db()
    assert incident.is_open


def test_a_second_click_does_nothing(incident, client_of, rita, alice):
    for person in (rita, rita, alice):
        answer = client_of(person).post(f"{incident.get_absolute_url()}mitigate/", follow=True)
    assert "somebody did this already" in text_of(answer)
    assert incident.entries.of_kinds("state").count() == 1


def test_what_is_refused_keeps_what_was_typed(incident, client_of, rita):
    client = client_of(rita)
    post(client, incident, "resolve")

    answer = post(client, incident, "mitigate", text="We typed a lot")

    assert answer.status_code == 409
    assert "reopen it" in text_of(answer) and "We typed a lot" in text_of(answer)


def test_a_double_is_merged_by_its_number(incident, client_of, rita):
    double = declare(rita, title="The same")

    assert post(client_of(rita), double, "merge", other=f"inc-{incident.pk}").status_code == 302
    double.refresh_from_db()
    assert double.merged_into == incident


@pytest.mark.parametrize("other", ["", "nonsense", "999", str(10**30), "\x00", "self"])
def test_what_is_no_other_incident_is_refused(other, incident, client_of, rita):
    other = str(incident.pk) if other == "self" else other

    for verb in ("merge", "relate"):
        assert post(client_of(rita), incident, verb, other=other).status_code == 400


@pytest.mark.parametrize("level", ["", "0", "6", "x", "²"])
def test_an_unknown_severity_is_refused(level, incident, client_of, rita):
    assert post(client_of(rita), incident, "severity", level=level).status_code == 400


def test_of_two_who_edit_the_later_one_sees_both_texts(incident, client_of, rita, alice):
    client = client_of(rita)
    seen = incident.text_mark
    incident.change({"title": "Payments fail"}, by=alice)

    mine = {"title": "Checkout is down", "description": "All of it", "based_on": seen}
    answer = post(client, incident, "edit", **mine)

    page = text_of(answer)
    assert answer.status_code == 409
    assert "Payments fail" in page and "Checkout is down" in page and "All of it" in page
    incident.refresh_from_db()
    assert incident.title == "Payments fail"
    again = re.search(r'name="based_on" value="(\w+)"', page)[1]
    assert post(client, incident, "edit", **{**mine, "based_on": again}).status_code == 302


def test_a_note_of_another_does_not_stop_an_edit(incident, client_of, rita, alice):
    seen = incident.text_mark
    incident.note("Looking", by=alice)

    answer = post(client_of(rita), incident, "edit", title="Payments fail", based_on=seen)

    assert answer.status_code == 302
    assert Incident.objects.get().entries.last().text == "Title: Payments fail"


@pytest.mark.parametrize("title", ["", "x" * 201, "a\x00b"])
def test_a_title_that_is_none_is_refused(title, incident, client_of, rita):
    assert post(client_of(rita), incident, "edit", title=title).status_code == 400


@pytest.mark.anywhere
@pytest.mark.parametrize(
    ("level", "is_resolved", "said"),
    [
        (1, True, "This SEV1 gets no review."),
        (1, False, "say why it is closed. This SEV1 gets no review."),
        (5, False, "say why it is closed.<"),
        (5, True, ""),
    ],
)
def test_closing_says_what_is_lost(level, is_resolved, said, client_of, rita):
    incident = declare(rita, level=level)
    if is_resolved:
        incident.resolve(by=rita)

    page = text_of(client_of(rita).get(f"{incident.get_absolute_url()}close/"))

    assert said in page and ("say why" in page) is not is_resolved
    assert ("gets no review" in page) is ("no review" in said)
