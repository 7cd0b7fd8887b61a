"""Escalation policies as people see them, create them and change them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incidents.models import EscalationPolicy
from portal.accounts.models import Team
from tests.incidents.world import make_policy, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]
NEW = reverse("incidents:new-policy")


def sent(*steps: dict, **more) -> dict:
    data = {"name": "Shop, tier 1", "rounds": 2, "wait_minutes": 5, **more}
    data |= {"steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": 0}
    for number, step in enumerate(steps):
        row = {"position": number + 1, "delay_minutes": 5, "urgency": "high", **step}
        data |= {f"steps-{number}-{name}": value for name, value in row.items()}
    return data


def specs(policy) -> list[tuple]:
    return [(each.delay_minutes, *map(str, each.targets)) for each in policy.specified()]


def test_it_creates_one_with_steps_and_services(client_of, olga, rita):
    team = Team.objects.create(slug="shop", name="Shop")
    service = make_service()
    steps = [
        {"delay_minutes": 0, "targets": ["Rita Responder (person)"]},
        {"targets": ["Shop (team)", "Olga Operator"]},
    ]

    answer = client_of(olga).post(NEW, sent(*steps, services=["Checkout"], team="Shop"))

    policy = EscalationPolicy.objects.get()
    assert answer.status_code == 302, answer.content.decode()
    assert specs(policy) == [(0, "Rita Responder"), (5, "Shop", "Olga Operator")]
    assert (policy.slug, policy.team) == ("shop-tier-1", team)
    assert EscalationPolicy.objects.for_services([service]) == policy


def test_steps_are_put_in_order_removed_and_added(client_of, olga, rita, paul):
    policy = make_policy(rita, paul)
    address = reverse("incidents:edit-policy", args=[policy.slug])
    page = client_of(olga).get(address).content.decode()
    assert "Rita Responder (person)" in page and 'id="targets-offered"' in page

    steps = [
        {"position": 2, "targets": ["Rita Responder"]},
        {"position": 1, "delay_minutes": 0, "targets": ["Paul Approver"]},
        {"position": 3, "targets": ["Olga Operator"], "DELETE": "on"},
    ]
    more = client_of(olga).post(address, sent(*steps, more="1", revision=0)).content.decode()
    assert "Step 4" in more and specs(policy)[0][1] == "Rita Responder"
    answer = client_of(olga).post(address, sent(*steps, revision=0))

    assert answer.status_code == 302
    assert specs(policy) == [(0, "Paul Approver"), (5, "Rita Responder")]


def test_a_step_that_aims_at_nobody_is_said_at_its_field(client_of, olga):
    answer = client_of(olga).post(NEW, sent({"targets": ["Nobody of that name"]}))

    assert answer.status_code == 400 and not EscalationPolicy.objects.exists()
    assert "No person, team, rotation or channel" in answer.content.decode()


def test_a_stale_edit_is_refused_and_nothing_typed_is_lost(client_of, olga, rita):
    policy = make_policy(rita)
    policy.change({"name": "Shop, tier one"}, by=olga)
    address = reverse("incidents:edit-policy", args=[policy.slug])

    answer = client_of(olga).post(address, sent(description="Typed", revision=0))

    assert answer.status_code == 412 and "Typed" in answer.content.decode()


def test_the_page_and_the_list_say_what_is_wrong(client_of, olga, nina, rita):
    policy = make_policy(rita, nina, continues_with=make_policy(rita, name="Second"))
    make_service(policy=policy)

    page = client_of(nina).get(policy.get_absolute_url()).content.decode()
    listed = client_of(nina).get(reverse("incidents:policies")).content.decode()

    assert "Nina Reader, the role may not work on incidents." in page and "Checkout" in page
    assert "No policy is the catch-all" in listed and "Second" in listed


def test_the_list_asks_as_often_for_many_as_for_few(client_of, olga, rita):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("incidents:policies")).status_code == 200
        return len(queries)

    client = client_of(olga)
    first = make_policy(rita, olga)
    second = make_policy(rita, name="Second", continues_with=first)
    few = count() and count()
    for number in range(5):
        second = make_policy(rita, name=f"Another {number}", continues_with=second)
    assert count() == few


def test_it_is_archived_and_serves_nobody(client_of, olga, rita):
    policy = make_policy(rita)
    service = make_service(policy=policy)

    client_of(olga).post(reverse("incidents:archive-policy", args=[policy.slug]))
    assert EscalationPolicy.objects.for_services([service]) is None
    client_of(olga).post(reverse("incidents:unarchive-policy", args=[policy.slug]))
    assert EscalationPolicy.objects.current().get() == policy


@pytest.mark.parametrize("verb", ["edit", "archive"])
def test_who_may_not_change_policies_cannot(client_of, rita, verb):
    policy = make_policy(rita)

    address = reverse(f"incidents:{verb}-policy", args=[policy.slug])
    assert client_of(rita).post(address, sent(revision=0)).status_code == 403
    assert client_of(rita).get(NEW).status_code == 403


def test_services_without_a_policy_are_named_with_links(client_of, nina, rita):
    make_policy(rita)
    service = make_service()

    page = client_of(nina).get(reverse("incidents:policies")).content.decode()

    assert "1 service has no policy of its own or of its team." in page
    note = page.split("1 service has no policy")[1].split("</div>")[0]
    assert f'href="{service.get_absolute_url()}"' in note


def test_the_page_says_waits_and_not_times(client_of, nina, rita, paul):
    page = client_of(nina).get(make_policy(rita, paul).get_absolute_url()).content.decode()

    assert "<time>at once</time>" in " ".join(page.split())
    assert "+5" not in page and "5 min later" in page
