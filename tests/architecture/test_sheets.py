"""Diagrams are made once for each state of the catalog, and never shown when it has changed."""

import pytest

from portal.accounts.models import Team
from portal.architecture.catalog.fingerprint import fingerprint
from portal.architecture.diagrams import Options
from portal.architecture.diagrams import sheets as made
from portal.architecture.diagrams.sheets import Sheets, sheets
from portal.architecture.models import Dependency, Integration, Service, Zone
from portal.core.problems import Refused

pytestmark = pytest.mark.django_db
NETWORK = "/services/diagrams/network"


@pytest.fixture
def drawn(monkeypatch):
    """What was drawn, laid out as pictures, and written as tables, in its order."""
    sheets.clear()
    calls = []
    for name in ("draw", "svg", "text_of", "render_to_string"):
        monkeypatch.setattr(made, name, counted(calls, name))
    yield calls
    sheets.clear()


def counted(calls, name):
    whole = getattr(made, name)

    def call(*args, **more):
        calls.append(name)
        return whole(*args, **more)

    return call


def test_what_was_shown_is_not_made_again(shop, nina, rita, client_of, drawn):
    for person in (nina, rita):
        for address in ("/", ".svg", ".mermaid", "/"):
            client_of(person).get(f"{NETWORK}{address}")

    assert sorted(drawn) == ["draw", "render_to_string", "svg", "text_of"]


def test_an_unchanged_picture_asks_one_question_of_the_catalog(
    shop, nina, client_of, django_assert_num_queries
):
    reader = client_of(nina)
    reader.get(f"{NETWORK}.svg")

    with django_assert_num_queries(3):  # two of them: who signs in
        assert reader.get(f"{NETWORK}.svg").status_code == 200


@pytest.mark.parametrize("theme", ["", "print"])
def test_a_picture_that_is_known_is_not_sent_again(shop, nina, client_of, theme):
    reader, address = client_of(nina), f"{NETWORK}.svg?theme={theme}"
    first = reader.get(address)

    again = reader.get(address, headers={"If-None-Match": first["ETag"]})
    shop["web"].name = "Shop front"
    shop["web"].save()
    changed = reader.get(address, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert changed.status_code == 200
    assert "Shop front" in changed.content.decode()


def test_themes_have_their_own_tags(shop, nina, client_of):
    tags = {client_of(nina).get(f"{NETWORK}.svg?theme={t}")["ETag"] for t in ("light", "dark", "")}
    assert len(tags) == 3


def test_every_change_of_the_catalog_is_another_print(shop):
    prints = [fingerprint()]
    pay = Integration.objects.get()
    for change in (
        lambda: Service.objects.filter(slug="web").update(tier=4),
        lambda: Service.objects.filter(slug="web").update(part_of=shop["api"]),
        lambda: Dependency.objects.filter(port=443).update(port=None),
        lambda: Dependency.objects.filter(target=shop["queue"]).update(hard=True),
        lambda: Zone.objects.filter(slug="edge").update(name="Rim"),
        lambda: Service.objects.filter(slug="web").update(zone=None),
        lambda: Team.objects.update(name="Shopkeepers"),
        lambda: Integration.objects.filter(pk=pay.pk).update(direction="inbound"),
        lambda: Dependency.objects.filter(integration=pay).delete(),
        lambda: Service.objects.filter(slug="reports").delete(),
    ):
        assert fingerprint() == prints[-1]
        change()
        prints.append(fingerprint())

    assert len(set(prints)) == len(prints)


def test_only_so_many_are_remembered(shop):
    few = Sheets(most=2)
    first = few.get(Options("network"))
    assert few.get(Options("network")) is first

    for view in ("context", "components", "data-flow"):
        few.get(Options(view))

    assert len(few.kept) == 2
    assert few.get(Options("network")) is not first


def test_what_is_asked_for_again_is_remembered_longest(shop):
    few = Sheets(most=2)
    used = few.get(Options("network"))

    for view in ("context", "network", "components"):
        few.get(Options(view))

    assert few.get(Options("network")) is used


def test_what_changed_before_it_was_drawn_is_not_remembered_as_it_was(shop, monkeypatch):
    few, asked, load = Sheets(), Options("network"), made.Graph.load
    web = Service.objects.filter(slug="web")

    def changed():
        web.update(name="Shop front")
        return load()

    before = web.get().name
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(made.Graph, "load", changed)
        assert "Shop front" in few.get(asked).source
    web.update(name=before)

    assert "Shop front" not in few.get(asked).source


def test_an_empty_picture_is_not_remembered(shop):
    Zone.objects.create(slug="empty", name="Empty")
    asked = Options("network", only="empty")
    assert sheets.get(asked).drawing.nodes == []

    Zone.objects.filter(slug="empty").delete()

    with pytest.raises(Refused):
        sheets.get(asked)
