"""What is wrong is said of the member that was sent, and of its place in a list."""

import pytest

from portal.architecture.models import Service

pytestmark = pytest.mark.django_db
COLUMN = [{"name": "a", "operator": "=~", "value": "("}]
SILENCE = {"reason": "Known", "minutes": 60}
PLAN = {"title": "Move", "minutes": 60}
CHANNEL = {"name": "Ours", "kind": "mail", "to": "ops@example.org"}
INTAKE = {"name": "Ours", "kind": "generic"}


@pytest.mark.parametrize(
    ("address", "body", "pointer"),
    [
        ("heartbeats/", {"name": "x"}, "/every_seconds"),
        ("silences/", SILENCE | {"matchers": COLUMN}, "/matchers/0/value"),
        ("maintenance/", PLAN | {"services": ["orders", "odrers"]}, "/services/1"),
        ("channels/", CHANNEL | {"kinds": ["alerts-fire", "nothing"]}, "/kinds/1"),
        ("intakes/", INTAKE | {"mapping": {"nmae": "$.a"}}, "/mapping/nmae"),
        ("intakes/", INTAKE | {"mapping": {"name": "a["}}, "/mapping/name"),
    ],
)
def test_the_pointer_leads_to_what_was_sent(api, olga, address, body, pointer):
    Service.objects.create(slug="orders", name="orders")
    refused = api(olga).post(f"/api/v1/{address}", body, content_type="application/json")

    assert refused.status_code == 400
    assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]


def test_only_what_is_near_is_suggested(api, olga):
    program = api(olga)

    def said(query):
        return program.get(f"/api/v1/alerts/?{query}").json()["detail"]

    assert "Only “none” is known here." in said("runbook=disk")
    assert "Did you mean “firing”?" in said("state=fireing")
    assert "Did you mean" not in said("state=xyz")
