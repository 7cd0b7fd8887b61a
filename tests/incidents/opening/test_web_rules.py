"""The pages of rules."""

import pytest

from incidents.models import IncidentRule
from tests.incidents.world import make_policy, make_service

from .conftest import report
from .test_rules import make_rule, matching, names

pytestmark = pytest.mark.django_db
GIVEN = {
    "name": "Shop",
    "matchers": 'team="shop"',
    "action": "incident",
    "level": "3",
    "levels": "Critical = SEV1\npage: 2",
    "group_by": "cluster, zone",
    "is_active": "on",
}
TRY = "/incidents/rules/try/"


def test_an_operator_creates_changes_moves_and_removes_one(client_of, olga):
    browser = client_of(olga)
    make_rule("First")
    assert browser.post("/incidents/rules/new/", GIVEN).status_code == 302
    rule = IncidentRule.objects.get(name="Shop")
    assert (rule.level, rule.levels) == (3, {"critical": 1, "page": 2})
    assert rule.group_by == ["cluster", "zone"] and rule.written == ['team="shop"']

    page = browser.get(f"/incidents/rules/{rule.pk}/edit/").content.decode()
    assert "critical = SEV1" in page and "cluster, zone" in page
    changed = GIVEN | {"name": "Shop 2", "revision": 0}
    assert browser.post(f"/incidents/rules/{rule.pk}/edit/", changed).status_code == 302
    browser.post(f"/incidents/rules/{rule.pk}/move/", {"to": "up"})
    assert names() == ["Shop 2", "First"]
    browser.post(f"/incidents/rules/{rule.pk}/remove/")
    assert names() == ["First"]


def test_the_list_says_what_each_did(client_of, nina, come, engine):
    rule = make_rule("All")
    come(report("A"))
    engine()

    assert '<td class="hide-s">1</td>' in client_of(nina).get("/incidents/rules/").content.decode()
    assert "INC-" in client_of(nina).get(f"/incidents/rules/{rule.pk}/").content.decode()


def test_who_may_not_change_them_sees_no_button(client_of, rita):
    rule = make_rule("All")
    page = client_of(rita).get(f"/incidents/rules/{rule.pk}/").content.decode()

    assert "Remove rule" not in page
    assert client_of(rita).post(f"/incidents/rules/{rule.pk}/remove/").status_code == 403


def test_somebody_else_was_faster(client_of, olga):
    rule = make_rule("All")
    rule.change({"name": "Other"}, by=olga)

    answer = client_of(olga).post(f"/incidents/rules/{rule.pk}/edit/", GIVEN | {"revision": 0})
    assert answer.status_code == 400 and "changed meanwhile" in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"matchers": "x"}, "is no matcher"),
        ({"levels": "critical"}, "critical = SEV1"),
        ({"levels": "critical = SEV9"}, "critical = SEV1"),
        ({"action": "x"}, "Select a valid choice"),
    ],
)
def test_it_says_what_is_wrong(client_of, olga, wrong, said):
    answer = client_of(olga).post("/incidents/rules/new/", GIVEN | wrong)

    assert answer.status_code == 400 and said in answer.content.decode()


def test_labels_are_tried(client_of, rita):
    make_service(policy=make_policy(rita))
    make_rule("Checkout", matchers=matching(service="checkout"), levels={"critical": 1})
    labels = 'alertname="Down"\nservice=checkout\nseverity=critical'
    page = client_of(rita).get(TRY, {"labels": labels}).content.decode()

    for said in ("Checkout</a>", "SEV1", "Shop, tier 1", str(rita), "Open an incident"):
        assert said in page
    json = '{"labels": {"alertname": "Slow", "severity": "info"}}'
    assert "Open nothing" in client_of(rita).get(TRY, {"labels": json}).content.decode()


def test_an_alert_is_tried(client_of, nina, come, engine):
    alert = come(report("A"))[0]
    assert "Open an incident" in client_of(nina).get(TRY, {"alert": alert.pk}).content.decode()
    engine()

    assert "It belongs to INC-" in client_of(nina).get(TRY, {"alert": alert.pk}).content.decode()


def test_a_restricted_incident_is_not_named(client_of, nina, olga, come, engine):
    alert = come(report("A"))[0]
    engine()
    alert.in_incident.incident._change(is_restricted=True)

    page = client_of(nina).get(TRY, {"alert": alert.pk}).content.decode()
    assert "INC-" not in page
    assert "INC-" in client_of(olga).get(TRY, {"alert": alert.pk}).content.decode()


@pytest.mark.parametrize(
    "query", [{"alert": "99"}, {"alert": "x"}, {"labels": "{"}, {"labels": "a!=b"}, {"alert": ""}]
)
def test_a_trial_of_nothing_says_so(client_of, nina, query):
    assert client_of(nina).get(TRY, query).status_code == 400
