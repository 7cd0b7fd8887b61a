"""Drawings: what each view shows, and that no name breaks out of text or SVG."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.architecture.catalog.graph import Graph
from portal.architecture.diagrams import Arrow, Drawing, Group, Node, Options, draw, layout, ring
from portal.architecture.diagrams.blocks import figure_of, problem_of
from portal.architecture.diagrams.layout import lay_out
from portal.architecture.diagrams.measures import width_of
from portal.architecture.diagrams.mermaid import clear, mermaid
from portal.architecture.diagrams.sheets import sheets
from portal.architecture.diagrams.svg import LAYOUTS_AT_MOST, laid_out, svg
from portal.architecture.models import Dependency, Integration, Service, Zone
from portal.core.problems import Refused

from .conftest import needs

HOSTILE = [
    '" onload="alert(1)',
    '"]; click n1 "javascript:alert(1)"',
    "end",
    "<script>alert(1)</script>",
    "`x`",
    "a\nb",
]


def drawn(view: str, **asked) -> Drawing:
    return draw(Graph.load(), Options.of(view, asked))


def labels(drawing: Drawing) -> set[str]:
    return {arrow.label for arrow in drawing.arrows}


def keys(drawing: Drawing) -> set[str]:
    return {node.key for node in drawing.nodes}


def test_the_context_shows_services_and_what_is_outside(shop):
    drawing = drawn("context")

    assert keys(drawing) == {"web", "api", "database", "queue", "reports", "x-pay"}
    assert "AMQP (soft)" in labels(drawing)


def test_in_a_context_components_are_their_whole(shop):
    for part in ("api", "database"):
        shop[part].part_of = shop["web"]
        shop[part].save()

    drawing = drawn("context")
    assert keys(drawing) == {"web", "queue", "reports", "x-pay"}
    ends = {(arrow.source, arrow.target) for arrow in drawing.arrows}
    assert ends == {("web", "queue"), ("web", "x-pay"), ("reports", "web")}
    assert keys(drawn("context", service="web")) == {"web", "queue", "reports", "x-pay"}
    assert "database" in keys(drawn("context", service="database"))


def test_the_integrations_of_a_service(shop):
    assert keys(drawn("integrations", service="api")) == {"api", "x-pay"}


def test_data_flow_says_which_data_and_how_secret(shop):
    drawing = drawn("data-flow", service="api")

    assert "orders (internal)" in labels(drawing)
    assert {arrow.look for arrow in drawing.arrows} >= {"internal", "restricted"}


def test_the_network_stands_in_zones_with_ports(shop):
    drawing = drawn("network")

    assert [group.label for group in drawing.groups] == ["Edge", "Inner"]
    assert "SQL 5432" in labels(drawing)


def test_components_are_the_parts_and_their_neighbours(shop):
    shop["queue"].part_of = shop["api"]
    shop["queue"].save()

    assert "reports" not in keys(drawn("components", service="queue"))
    assert keys(drawn("components", service="api")) == {"api", "queue", "web", "database", "x-pay"}


def test_integrations_are_who_talks_to_the_outside(shop):
    assert keys(drawn("integrations")) == {"api", "x-pay"}


@pytest.mark.parametrize("view", ["network", "components", "data-flow", "context"])
def test_a_neighbourhood_grows_with_its_depth(shop, view):
    assert keys(drawn(view, service="web")) == {"web", "api"}
    assert "database" in keys(drawn(view, service="web", depth="2"))


@pytest.mark.parametrize("view", ["integrations", "components", "data-flow", "context"])
def test_the_integration_of_a_neighbour_is_two_steps_away(shop, view):
    assert "x-pay" not in keys(drawn(view, service="web"))
    assert "x-pay" in keys(drawn(view, service="web", depth="2"))


def test_an_integration_is_joined_to_all_who_are_shown(shop):
    pay = Integration.objects.get()
    Dependency.objects.create(source=shop["web"], integration=pay, protocol="HTTPS")

    ends = {(arrow.source, arrow.target) for arrow in drawn("context", service="web").arrows}
    assert ends == {("web", "api"), ("web", "x-pay"), ("api", "x-pay")}


@pytest.mark.parametrize(
    "asked",
    [
        {"depth": "9"},
        {"depth": "x"},
        {"group": "mood"},
        {"service": "nobody"},
        {"only": "gone-zone"},
        {"only": "edge", "group": "team"},
        {"only": "\x00"},
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(shop, asked):
    with pytest.raises(Refused):
        drawn("network", **asked)


def test_a_zone_without_services_is_empty_and_no_error(shop):
    Zone.objects.create(slug="cellar", name="Cellar")

    assert drawn("network", only="cellar").nodes == []


def test_an_opened_zone_shows_how_it_is_joined_to_the_others(shop):
    needs(shop["reports"], shop["web"], protocol="HTTPS", port=443)
    needs(shop["api"], shop["web"], protocol="SSH", port=22, classification="restricted")
    needs(shop["api"], shop["web"], protocol="HTTPS", port=443)

    drawing = drawn("network", only="edge")
    assert keys(drawing) == {"web", "group:inner"}
    inner = next(node for node in drawing.nodes if node.kind == "group")
    assert (inner.label, inner.note) == ("Inner", "4 services")
    assert "only=inner" in inner.url
    ways = {(arrow.source, arrow.target, arrow.label) for arrow in drawing.arrows}
    assert ways == {
        ("web", "group:inner", "HTTPS 443"),
        ("group:inner", "web", "3 dependencies"),
    }
    back = next(a for a in drawn("data-flow", only="edge").arrows if a.target == "web")
    assert (back.label, back.look) == ("3 dependencies (restricted)", "restricted")


def test_an_opened_team_shows_the_other_teams(shop):
    shop["web"].owner = None
    shop["web"].save()

    assert keys(drawn("network", only="-", group="team")) == {"web", "group:shop"}


def test_an_unknown_view_names_the_known_ones(shop):
    with pytest.raises(Refused, match="data-flow"):
        drawn("galaxy")


@pytest.fixture
def many(db):
    zones = [Zone.objects.create(slug=f"z{n}", name=f"Zone {n}") for n in range(6)]
    rows = Service.objects.bulk_create(
        Service(slug=f"s{n}", name=f"Service {n}", zone=zones[n % 6]) for n in range(150)
    )
    Dependency.objects.bulk_create(
        Dependency(source=rows[n], target=rows[(n * 7 + 3) % 150], protocol="HTTP", port=80)
        for n in range(150)
        if n != (n * 7 + 3) % 150
    )


def test_too_many_services_are_shown_by_their_groups(many):
    drawing = drawn("network")

    assert len(drawing.nodes) == 6
    assert drawing.nodes[0].note == "25 services"
    assert "only=z0" in drawing.nodes[0].url
    assert len(drawn("network", only="z0").nodes) == 25 + 1
    assert len(mermaid(drawing)) < 5000


def test_a_summary_keeps_the_most_secret_and_what_is_outside(many):
    pay = Integration.objects.create(slug="pay", name="Payments", direction="inbound")
    one, two = Service.objects.get(slug="s0"), Service.objects.get(slug="s1")
    one.dependencies.create(integration=pay)
    two.dependencies.create(target=one, classification="restricted")

    drawing = drawn("data-flow")
    arrows = {(arrow.source, arrow.target): arrow for arrow in drawing.arrows}
    assert arrows["group:integrations:", "group:z0"].label == "1 (internal)"
    assert drawing.nodes[-1].note == "1 integration"
    secret = [each for pair, each in arrows.items() if set(pair) == {"group:z0", "group:z1"}]
    assert [(each.look, "(restricted)" in each.label) for each in secret] == [("restricted", True)]
    assert "highest classification" in drawing.description
    assert "group:integrations:" not in keys(drawn("network"))


def test_integrations_of_a_crowd_are_joined_to_its_groups(many):
    pay = Integration.objects.create(slug="pay", name="Payments")
    for service in Service.objects.all():
        service.dependencies.create(integration=pay)

    drawing = drawn("integrations")
    assert len(drawing.nodes) == 7
    assert {arrow.label for arrow in drawing.arrows} == {"25"}


def test_a_summary_says_that_it_was_not_asked_for(many):
    assert "without groups" in drawn("network", group="none").description
    assert "without groups" not in drawn("network").description


def test_of_groups_one_arrow_stands_for_both_ways(many):
    one, two = Service.objects.get(slug="s0"), Service.objects.get(slug="s1")
    before = len(drawn("network").arrows)
    Dependency.objects.create(source=one, target=two)
    Dependency.objects.create(source=two, target=one)

    arrows = drawn("network").arrows
    pairs = [frozenset((arrow.source, arrow.target)) for arrow in arrows]
    assert len(set(pairs)) == len(pairs) <= before + 1
    assert any(arrow.label.endswith(" back") for arrow in arrows)


@pytest.mark.parametrize("count", range(ring.FEWEST, ring.MOST + 1))
def test_in_a_ring_no_arrow_crosses_a_box(count):
    nodes = [Node(str(n), f"Zone {n}", "group") for n in range(count)]
    arrows = [Arrow(str(n), str(m), "7, 3 back") for n in range(count) for m in range(n)]
    drawing = Drawing("Title", "Words", nodes, [], arrows)
    assert ring.suits(drawing)

    layout = ring.lay_out(drawing)

    for route in layout.routes:
        others = layout.nodes.keys() - {route.arrow.source, route.arrow.target}
        (way,) = route.stretches
        for part in range(101):
            x = way.x + (way.end_x - way.x) * part / 100
            y = way.y + (way.end_y - way.y) * part / 100
            for box in (layout.nodes[name] for name in others):
                assert not (box.x <= x <= box.right and box.y <= y <= box.y + box.height)
    assert max(layout.width, layout.height) < 1600
    assert ElementTree.fromstring(svg(drawing)).tag.endswith("svg")


def test_150_services_fit_into_one_svg_when_asked(many):
    drawing = drawn("network", service="s0", depth="5")

    assert ElementTree.fromstring(svg(drawing)).tag.endswith("svg")


def test_of_far_too_many_only_the_things_are_drawn(many):
    rows = Service.objects.bulk_create(Service(slug=f"t{n}", name=f"T{n}") for n in range(300))
    hub = Service.objects.get(slug="s0")
    Dependency.objects.bulk_create(Dependency(source=each, target=hub) for each in rows)

    drawing = drawn("network", service="s0")
    assert len(drawing.nodes) > 300
    assert drawing.arrows == []
    assert "too many" in drawing.description


TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=80))
NODES = st.integers(1, 14)


@st.composite
def drawings(draw_from):
    count = draw_from(NODES)
    groups = [Group(f"g{n}", draw_from(TEXT)) for n in range(draw_from(st.integers(0, 3)))]
    names = [f"k{n}" for n in range(count)]
    frames = st.sampled_from(["", *(group.key for group in groups)])
    kinds = st.sampled_from(["database", "cache", "queue", "web", "external"])
    nodes = [
        Node(n, draw_from(TEXT), draw_from(kinds), draw_from(TEXT), "/x", draw_from(frames))
        for n in names
    ]
    pairs = draw_from(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names))))
    arrows = [Arrow(a, b, draw_from(TEXT)) for a, b in pairs]
    return Drawing(draw_from(TEXT), draw_from(TEXT), nodes, groups, arrows)


@settings(max_examples=100, deadline=None)
@given(drawings())
def test_every_svg_is_one_document_without_scripts(drawing):
    root = ElementTree.fromstring(svg(drawing))

    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {
        *("svg", "title", "desc", "style", "defs", "marker", "path", "rect", "text", "a", "g"),
    }
    assert len(root.findall(".//{*}a")) == len(drawing.nodes)


@pytest.mark.parametrize("kind", ["database", "storage", "cache"])
def test_a_store_is_a_cylinder_with_one_outline(kind):
    drawing = Drawing("Title", "Words", [Node("k", "Orders", kind, "tier 1", "/x")])

    shape = ElementTree.fromstring(svg(drawing)).find(".//{*}a/{*}path")
    assert shape.get("class") == "box" and shape.get("d").count("a92 6 0 0 1") == 3
    assert '  n1[("Orders<br/>tier 1")]' in mermaid(drawing)


@settings(max_examples=100, deadline=None)
@given(drawings())
def test_no_two_boxes_overlap_and_groups_hold_their_own(drawing):
    layout = lay_out(drawing)
    boxes = list(layout.nodes.items())

    for at, (_, one) in enumerate(boxes):
        assert one.x + one.width <= layout.width
        assert one.y + one.height <= layout.height
        for _, two in boxes[at + 1 :]:
            apart_x = one.x + one.width <= two.x or two.x + two.width <= one.x
            apart_y = one.y + one.height <= two.y or two.y + two.height <= one.y
            assert apart_x or apart_y
    for node in drawing.nodes:
        for key, frame in layout.groups.items():
            box = layout.nodes[node.key]
            inside = frame.y <= box.y and box.y + box.height <= frame.y + frame.height
            assert inside == (node.group == key)


@settings(max_examples=200, deadline=None)
@given(drawings())
def test_no_arrow_and_no_label_crosses_a_box(drawing):
    layout = lay_out(drawing)
    assert len(layout.routes) == sum(arrow.source != arrow.target for arrow in drawing.arrows)
    for route in layout.routes:
        ends = {layout.nodes[route.arrow.source], layout.nodes[route.arrow.target]}
        first, last = route.stretches[0], route.stretches[-1]
        assert {first.x, last.end_x} == {
            min(box.right for box in ends),
            max(box.x for box in ends),
        }
        assert width_of(route.arrow.label) <= first.bend - first.x
        for part in route.stretches:
            for box in layout.nodes.values():
                level = box.x < part.bend and part.x < box.right
                assert not (level and box.y <= part.y <= box.y + box.height)
                low, high = sorted((part.y, part.end_y))
                curve = box.x < part.end_x and part.bend < box.right
                assert not (curve and box.y <= high and low <= box.y + box.height)


@settings(max_examples=100, deadline=None)
@given(drawings())
def test_no_two_labels_overlap(drawing):
    starts = [(route.stretches[0], route.arrow.label) for route in lay_out(drawing).routes]

    for at, (one, label) in enumerate(starts):
        for two, other in starts[at + 1 :]:
            beside = one.x + width_of(label) <= two.x or two.x + width_of(other) <= one.x
            assert beside or abs(one.y - two.y) >= 12 or not (label and other)


@settings(max_examples=100, deadline=None)
@given(drawings())
def test_no_name_breaks_out_of_the_text(drawing):
    text = mermaid(drawing)

    clicks = [line for line in text.splitlines() if line.strip().startswith("click")]
    assert clicks == [f'  click n{at} "/x"' for at in range(1, len(drawing.nodes) + 1)]
    assert "<script" not in text
    assert "`" not in text
    assert not re.search(r"\bon\w+\s*=", text)
    for line in text.splitlines():
        assert line.count('"') in (0, 2), line


@pytest.mark.parametrize(
    ("arrows", "is_clear"),
    [
        (["ab", "bc", "bd", "eb"], True),
        (["ab", "cd", "ed", "ab"], True),
        (["ab", "bc", "ac"], False),
        (["ab", "ba"], False),
        (["aa"], False),
        (["ab", "bc", "cd", "ae", "ed"], False),
    ],
)
def test_mermaid_draws_where_no_arrow_has_to_pass_a_thing(arrows, is_clear):
    nodes = [Node(name, name) for name in "abcdef"]
    drawing = Drawing("Title", "Words", nodes, [], [Arrow(*pair) for pair in arrows])

    assert bool(clear(drawing)) == is_clear
    assert clear(replace(drawing, groups=[Group("g", "G")])) == ""
    assert clear(replace(drawing, nodes=[Node(str(n), "x") for n in range(15)], arrows=[])) == ""


def test_a_block_of_a_document_is_drawn_or_says_why_not(shop):
    graph = Graph.load()

    assert "data-mermaid" in figure_of("service: web\nview: data-flow\n", graph)
    assert problem_of("service: web\nview: network", graph) == ""
    assert "There is no service “gone”" in problem_of("service: gone", graph)
    assert "not drawn" in figure_of("service: <b>gone</b>", graph)
    assert "<b>" not in figure_of("service: <b>gone</b>", graph)
    assert "none of view" in problem_of("color: red", graph)


@pytest.mark.parametrize("theme", ["light", "dark", "print", ""])
def test_every_theme_has_its_colours(shop, theme):
    text = svg(drawn("network"), theme=theme)

    assert ("prefers-color-scheme" in text) == (theme == "")


@pytest.fixture
def layouts(monkeypatch):
    """What was laid out, in its order."""
    drawings = []
    monkeypatch.setattr(layout, "lay_out", lambda each: drawings.append(each) or lay_out(each))
    laid_out.cache_clear()
    sheets.clear()
    yield drawings
    laid_out.cache_clear()


def test_a_page_and_its_pictures_lay_out_once(shop, nina, client_of, layouts):
    reader = client_of(nina)
    for address in ("network/", "network.svg", "network.svg?theme=print", "network/"):
        assert reader.get(f"/services/diagrams/{address}").status_code == 200
    assert len(layouts) == 1

    shop["web"].name = "Shop front"
    shop["web"].save()
    assert "Shop front" in reader.get("/services/diagrams/network.svg").content.decode()
    assert len(layouts) == 2


def test_only_so_many_layouts_are_remembered(layouts):
    def draw_each():
        for number in range(LAYOUTS_AT_MOST + 1):
            svg(Drawing("", "", [Node(f"n{number}", "Node")]))

    draw_each()
    draw_each()

    assert len(layouts) == 2 * (LAYOUTS_AT_MOST + 1)
