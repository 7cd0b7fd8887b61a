"""Who needs whom: reach, circles, neighbourhoods."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.architecture.catalog.graph import Graph
from portal.architecture.models import Dependency, Integration, Service

from .conftest import needs


def slugs(reached) -> list[str]:
    return [each.service.slug for each in reached]


def test_what_a_service_needs_the_nearest_first(shop):
    found = Graph.load().needs("web")

    assert [(each.service.slug, each.depth, each.hard) for each in found] == [
        ("api", 1, True),
        ("database", 2, True),
        ("queue", 2, False),
    ]


def test_what_depends_on_a_service(shop):
    assert slugs(Graph.load().dependents("database")) == ["api", "reports", "web"]
    assert slugs(Graph.load().dependents("database", 1)) == ["api", "reports"]


def test_what_is_outside_the_nearest_first(shop):
    mail = Integration.objects.create(slug="mail", name="Mail")
    for slug, hard in (("web", False), ("queue", True)):
        shop[slug].dependencies.create(integration=mail, hard=hard)

    def outside(*asked) -> list[tuple]:
        return [
            (each.integration.slug, each.depth, each.hard, [row.slug for row in each.needed_by])
            for each in Graph.load().outside(*asked)
        ]

    assert outside("web") == [("mail", 1, False, ["queue", "web"]), ("pay", 2, True, ["api"])]
    assert outside("web", 1) == [("mail", 1, False, ["web"])]
    assert outside("queue") == [("mail", 1, True, ["queue"])]
    assert outside("database") == []


def test_a_neighbourhood_goes_both_ways(shop):
    assert Graph.load().around("api", 1) == {"web", "api", "database", "queue"}


def test_circles_of_hard_dependencies_are_found(shop):
    assert Graph.load().cycles() == []
    needs(shop["database"], shop["web"])

    assert [[row.slug for row in circle] for circle in Graph.load().cycles()] == [
        ["api", "database", "web"]
    ]


def test_a_circle_with_a_soft_dependency_is_none(shop):
    needs(shop["queue"], shop["api"])

    assert Graph.load().cycles() == []


def test_parts_of_parts_belong(shop):
    shop["api"].part_of, shop["queue"].part_of = shop["web"], shop["api"]
    shop["api"].save()
    shop["queue"].save()

    assert Graph.load().components("web") == {"web", "api", "queue"}


def test_the_parts_of_a_service_count_as_itself(shop):
    shop["api"].part_of = shop["database"].part_of = shop["queue"]
    shop["api"].save()
    shop["database"].save()
    graph = Graph.load()

    found = [(each.service.slug, each.depth, each.hard) for each in graph.dependents("queue")]
    assert found == [("reports", 1, True), ("web", 1, True)]
    assert graph.needs("queue") == []
    assert [each.integration.slug for each in graph.outside("queue")] == ["pay"]
    assert graph.around("queue", 1) == {"queue", "api", "database", "reports", "web"}


def test_who_uses_an_integration(shop):
    pay = Integration.objects.get()
    shop["reports"].dependencies.create(integration=pay, hard=False)
    graph = Graph.load()

    found = [(each.service.slug, each.depth, each.hard) for each in graph.users("pay")]
    assert found == [("api", 1, True), ("reports", 1, False), ("web", 2, True)]
    assert slugs(graph.users("pay", 1)) == ["api", "reports"]
    assert graph.users("gone") == []


def test_it_reads_three_times_whatever_the_size(shop, django_assert_num_queries):
    with django_assert_num_queries(3):
        graph = Graph.load()
        graph.needs("web")
        graph.cycles()
        assert [row.end.name for row in graph.dependencies]


def graph_of(edges) -> Graph:
    names = sorted({name for edge in edges for name in edge})
    services = [Service(pk=name, slug=f"s{name}", name=f"S{name}") for name in names]
    rows = [
        Dependency(source_id=source, target_id=target, hard=True)
        for source, target in edges
        if source != target
    ]
    return Graph(services, [], rows)


EDGES = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), min_size=1, max_size=40)


@given(EDGES)
def test_who_stands_in_a_circle_needs_itself_back(edges):
    graph = graph_of(edges)
    inside = {row.slug for circle in graph.cycles() for row in circle}

    for slug in graph.services:
        back = any(slug in slugs(graph.needs(each)) for each in slugs(graph.needs(slug)))
        assert (slug in inside) == back


@given(EDGES)
def test_needs_and_dependents_are_two_sides(edges):
    graph = graph_of(edges)

    for slug in graph.services:
        for each in graph.needs(slug):
            assert slug in slugs(graph.dependents(each.service.slug))


@pytest.mark.django_db
def test_an_empty_catalog_is_no_error():
    assert Graph.load().cycles() == []
