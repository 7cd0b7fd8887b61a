"""Severities through the API."""

import pytest

from incidents.models import Severity

pytestmark = pytest.mark.django_db
LIST = "/api/v1/severities/"


def test_all_five_are_told(api, nina):
    rows = api(nina).get(LIST).json()["results"]

    assert [row["name"] for row in rows] == ["SEV1", "SEV2", "SEV3", "SEV4", "SEV5"]
    assert rows[1]["update_minutes"] == 20 and rows[0]["review_days"] == 3
    assert api(nina).get(f"{LIST}sev2/").json() == rows[1]


def test_an_operator_changes_one(api, olga, rita):
    etag = api(olga).get(f"{LIST}SEV2/").headers["ETag"]

    def patch(person, **headers):
        body, about = {"update_minutes": 15}, {"content_type": "application/json"}
        return api(person).patch(f"{LIST}SEV2/", body, headers=headers, **about)

    assert patch(rita).status_code == 403
    assert patch(olga).status_code == 428
    assert patch(olga, **{"If-Match": etag}).json()["update_minutes"] == 15
    assert patch(olga, **{"If-Match": etag}).status_code == 412
    assert Severity.objects.of(2).update_minutes == 15


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"update_minutes": 0}, "/update_minutes"), ({"audiences": ["x"]}, "/audiences")],
)
def test_it_refuses_what_makes_no_sense(api, olga, body, pointer):
    about = {"content_type": "application/json", "headers": {"If-Match": "*"}}
    answer = api(olga).patch(f"{LIST}SEV2/", body, **about)

    assert answer.status_code == 400 and answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("name", ["SEV0", "SEV6", "x", "12"])
def test_there_is_no_other(api, nina, name):
    assert api(nina).get(f"{LIST}{name}/").status_code == 404
