"""An alert stands under that of what its service needs hard, and calls nobody meanwhile."""

import pytest

from portal.architecture.models import Dependency
from portal.monitoring.models import Alert, Muting
from portal.monitoring.muting import dependencies, verbs
from portal.monitoring.muting.dependencies import Needs, grouped
from portal.monitoring.muting.settlement import settle

from .conftest import after, matcher

pytestmark = pytest.mark.django_db


@pytest.fixture
def needs(service):
    def make(source, target, *, hard=True):
        Dependency.objects.create(source=service(source), target=service(target), hard=hard)

    return make


def under(alert):
    muting = Muting.objects.open().filter(alert=alert).first()
    return muting.under if muting else None


def test_what_needs_what_is_down_calls_nobody(needs, fire, told):
    needs("shop", "orders")
    needs("orders", "database")
    database = fire("DatabaseDown", of="database")
    shop = fire("ShopSlow", of="shop", at=after(minutes=1))

    assert (shop.muted_by, under(shop)) == ("dependency", database)
    assert told() == ["Fires: DatabaseDown"]
    assert Muting.objects.get().why == "Under DatabaseDown"


def test_what_called_before_is_shown_under_it_too(needs, fire):
    needs("shop", "database")
    shop = fire("ShopSlow", of="shop")
    database = fire("DatabaseDown", of="database", at=after(minutes=1))
    settle(after(minutes=1))

    assert under(shop) == database


def test_once_it_is_up_again_what_still_fires_is_announced_once(needs, fire, told):
    needs("shop", "database")
    fire("DatabaseDown", of="database")
    fire("ShopSlow", of="shop", at=after(minutes=1))
    fire("DatabaseDown", of="database", at=after(minutes=5), over=True)

    assert [settle(after(minutes=5)) for _ in range(2)] == [True, False]
    assert told() == ["Fires: DatabaseDown", "Resolved: DatabaseDown", "Still fires: ShopSlow"]


def test_a_soft_dependency_groups_nothing(needs, fire):
    needs("shop", "database", hard=False)
    fire("DatabaseDown", of="database")

    assert fire("ShopSlow", of="shop", at=after(minutes=1)).muted_by == ""


def test_an_alert_does_not_hide_under_a_milder_one(needs, fire):
    needs("shop", "database")
    fire("DiskFillsUp", of="database", severity="warning")
    loud = fire("ShopDown", of="shop", at=after(minutes=1), severity="critical")
    mild = fire("ShopSlow", of="shop", at=after(minutes=1), severity="info")

    assert (loud.muted_by, mild.muted_by) == ("", "dependency")


def test_what_is_silenced_is_no_reason_to_group_others(needs, fire, rita, at):
    needs("shop", "database")
    verbs.silence(
        [matcher("service", "=", "database")],
        by=rita,
        at=at,
        ends_at=after(hours=1),
        reason="Known",
    )
    fire("DatabaseDown", of="database", at=after(minutes=1))

    assert fire("ShopSlow", of="shop", at=after(minutes=2)).muted_by == ""


def test_in_a_circle_what_fired_first_calls(needs, fire, told):
    needs("a", "b")
    needs("b", "c")
    needs("c", "a")
    first = fire("First", of="b")
    others = [
        fire("Second", of="a", at=after(minutes=1)),
        fire("Third", of="c", at=after(minutes=2)),
    ]
    fire("Fourth", of="b", at=after(minutes=3))
    settle(after(minutes=4))

    assert told() == ["Fires: First"]
    assert [under(each) for each in others] == [first, first]


def test_all_at_once_in_a_circle_one_calls(needs, fire):
    for source, target in ("ab", "bc", "ca", "da"):
        needs(source, target)
    for of in "dcba":
        fire(f"Down{of}", of=of)
    settle(after(minutes=1))

    assert Alert.objects.calling().count() == 1


def test_alerts_of_one_service_do_not_group_each_other(needs, fire):
    needs("a", "b")
    needs("b", "a")
    fire("First", of="a")

    assert fire("Second", of="a", at=after(minutes=1)).muted_by == ""


def test_a_page_of_many_costs_the_same_queries(needs, fire, rita, client_of, counted_queries):
    needs("shop", "database")
    fire("DatabaseDown", of="database")
    fire("ShopSlow", of="shop", at=after(minutes=1))
    client = client_of(rita)
    client.get("/monitoring/alerts/")
    few = counted_queries(client, "/monitoring/alerts/")
    for number in range(30):
        fire(f"ShopSlow{number}", of="shop", at=after(minutes=2))

    assert counted_queries(client, "/monitoring/alerts/") == few


def many_alerts(count, service, severity):
    begin = service * 1000
    return [
        Alert(pk=begin + n, service_id=service, severity=severity, starts_at=after(seconds=n))
        for n in range(count)
    ]


def test_many_alerts_of_two_services_are_not_compared_each_with_each(monkeypatch):
    compared, real = [], dependencies._may_stand_above
    monkeypatch.setattr(
        dependencies, "_may_stand_above", lambda *given: compared.append(1) or real(*given)
    )
    shop, database = many_alerts(300, 1, "critical"), many_alerts(300, 2, "info")
    milder = [*grouped([*shop, *database], Needs([(1, 2)]))]
    as_severe = [*grouped([*shop, *many_alerts(300, 2, "page")], Needs([(1, 2), (2, 1)]))]

    assert milder == []
    # In a circle what fired first stands above all, also above younger ones of its own kind.
    assert {root.pk for _, root in as_severe} == {1000}
    assert len(compared) <= 600
