"""Rules through the API."""

import pytest

from incidents.models import IncidentRule

from .test_rules import make_rule, names

pytestmark = pytest.mark.django_db
LIST = "/api/v1/incident-rules/"
MATCHERS = [{"name": "team", "operator": "=", "value": "shop"}]
JSON = {"content_type": "application/json"}


def test_an_operator_makes_changes_moves_and_removes_one(api, olga):
    client = api(olga)
    make_rule("First")
    made = client.post(LIST, {"name": "Shop", "matchers": MATCHERS, "level": 1}, **JSON)
    assert made.status_code == 201
    path, tag = made.headers["Location"], {"If-Match": made.headers["ETag"]}

    changed = client.patch(path, {"level": None}, headers=tag, **JSON)
    assert changed.json()["level"] is None and changed.json()["position"] == 1
    assert client.patch(path, {"level": 2}, headers=tag, **JSON).status_code == 412
    assert client.post(f"{path}move/", {"to": 1}, **JSON).json()["position"] == 0
    assert names() == ["Shop", "First"]
    assert client.delete(path).status_code == 428
    assert client.delete(path, headers={"If-Match": "*"}).status_code == 204
    assert names() == ["First"]


def test_readers_read_them_only(api, nina, rita):
    rule = make_rule()
    assert [row["id"] for row in api(nina).get(LIST).json()["results"]] == [rule.pk]
    assert api(rita).post(LIST, {}, **JSON).status_code == 403
    assert api(rita).delete(f"{LIST}{rule.pk}/", headers={"If-Match": "*"}).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"matchers": []}, "/matchers"),
        ({"matchers": [{"name": "a", "operator": "~", "value": ""}]}, "/matchers/0/operator"),
        ({"level": 6}, "/level"),
        ({"levels": {"x": 9}}, "/levels/x"),
        ({"policy": "x"}, "/policy"),
        ({"action": "x"}, "/action"),
    ],
)
def test_it_says_which_member_is_wrong(api, olga, wrong, pointer):
    answer = api(olga).post(LIST, {"name": "x", "matchers": MATCHERS} | wrong, **JSON)

    assert answer.status_code == 400 and answer.json()["errors"][0]["pointer"] == pointer
    assert not IncidentRule.objects.exists()
