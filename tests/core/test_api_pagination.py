import pytest
from django.core import signing
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from rest_framework.exceptions import ValidationError

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.api.pagination import SIGNER, Ordering, limit_of, paginate, sliced

ORDERS = {
    "name": Ordering(("name",)),
    "-name": Ordering(("name",), descending=True),
    "tier": Ordering(("tier", "name")),
    "-tier": Ordering(("tier", "name"), descending=True),
    "owner": Ordering(("owner_id",), nullable=True),
    "-owner": Ordering(("owner_id",), descending=True, nullable=True),
}
SLUGS = [f"s{number:02}" for number in range(20)]

pytestmark = pytest.mark.django_db


@pytest.fixture
def services():
    """Twenty, with equal names, equal tiers and a third without an owner."""
    teams = [Team.objects.create(slug=f"t{number}", name=f"T{number}") for number in range(3)]
    owners = [*teams, None, None]
    return Service.objects.bulk_create(
        Service(slug=slug, name=f"N{number % 4}", tier=1 + number % 3, owner=owners[number % 5])
        for number, slug in enumerate(SLUGS)
    )


def page_of(order, cursor="", limit=3):
    rows = Service.objects.order_by().values("pk", "slug", "name", "tier", "owner_id")
    params = QueryDict(f"limit={limit}&cursor={cursor or ''}")
    return paginate(rows, ORDERS[order], order, params)


def slugs(page):
    return [row["slug"] for row in page.rows]


def walk(order, limit=3):
    """All pages from the first to the last."""
    pages = [page_of(order, limit=limit)]
    while pages[-1].next:
        pages.append(page_of(order, pages[-1].next, limit))
    return pages


# Malformed


@pytest.mark.parametrize(
    "text", ["0", "201", "-1", "1.5", "x", "٣", "+5", "1_0", " 5", "00005099", "9" * 10_000, "1e2"]
)
def test_a_wrong_limit_is_refused(text):
    with pytest.raises(ValidationError) as refused:
        limit_of({"limit": text})

    assert "1 to 200" in str(refused.value.detail["limit"])


@pytest.mark.parametrize(("text", "limit"), [("", 50), ("1", 1), ("200", 200), ("007", 7)])
def test_a_limit_is_read(text, limit):
    assert limit_of({"limit": text}) == limit


@pytest.mark.parametrize(
    "cursor", ["x", ":", "a:b:c", ".e:1:2", "%00", "ü", "x" * 10_000, "eyJhIjoxfQ:1uAAAA:AAAA"]
)
def test_a_made_up_cursor_is_refused(services, cursor):
    with pytest.raises(ValidationError) as refused:
        page_of("name", cursor)

    assert "Start again" in str(refused.value.detail["cursor"])


def test_a_cursor_is_bound_to_its_order(services):
    with pytest.raises(ValidationError):
        page_of("-name", page_of("name").next)


def test_a_changed_cursor_is_refused(services):
    cursor = page_of("name").next

    for at in range(len(cursor)):
        changed = cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :]
        with pytest.raises(ValidationError):
            page_of("name", changed)


def test_what_was_signed_for_something_else_is_refused(services):
    whole, part = ({"o": "name", "back": False, "at": at} for at in (["N1", 1], ["N1"]))
    foreign, short = signing.Signer(salt="other").sign_object(whole), SIGNER.sign_object(part)

    for cursor in (foreign, short):
        with pytest.raises(ValidationError):
            page_of("name", cursor)


# Every row once, in order


@pytest.mark.parametrize("limit", [1, 3, 7, 20, 200])
@pytest.mark.parametrize("order", ORDERS)
def test_pages_hold_every_row_once_in_one_order(services, order, limit):
    pages = walk(order, limit)
    whole = slugs(page_of(order, limit=200))

    assert sorted(whole) == SLUGS
    assert [slug for page in pages for slug in slugs(page)] == whole
    assert pages[0].previous is None
    assert pages[-1].next is None


@pytest.mark.parametrize("limit", [1, 3, 7])
@pytest.mark.parametrize("order", ORDERS)
def test_the_way_back_is_the_way_there(services, order, limit):
    pages = walk(order, limit)
    back = [pages[-1]]
    while back[-1].previous:
        back.append(page_of(order, back[-1].previous, limit))

    assert [slugs(page) for page in reversed(back)] == [slugs(page) for page in pages]


@pytest.mark.parametrize("order", ["owner", "-owner"])
def test_rows_without_a_value_come_last(services, order):
    owners = [row["owner_id"] for row in page_of(order, limit=200).rows]
    known = sorted(filter(None, owners), reverse=order.startswith("-"))

    assert owners == [*known, *[None] * 8]


def test_new_and_deleted_rows_shift_nothing(services):
    first = page_of("name")
    Service.objects.filter(slug=slugs(first)[-1]).delete()
    Service.objects.create(slug="early", name="A")
    second = page_of("name", first.next)
    third = page_of("name", second.next)

    assert not set(slugs(first)) & set(slugs(second))
    expected = slugs(page_of("name", limit=200))
    assert [*slugs(second), *slugs(third)] == expected[3:9]


def test_the_same_page_has_the_same_cursor_at_any_time(services, time_machine):
    time_machine.move_to("2026-01-01")
    cursor = page_of("name").next
    time_machine.move_to("2026-06-01")

    assert page_of("name").next == cursor


def test_what_is_empty_has_no_neighbours():
    page = page_of("name")

    assert (page.rows, page.next, page.previous) == ([], None, None)


def test_rows_that_are_gone_leave_an_empty_page(services):
    cursor = page_of("name").next
    Service.objects.all().delete()

    assert page_of("name", cursor).rows == []


def test_a_computed_list_goes_back_to_its_beginning_with_any_limit():
    def part(limit, cursor=""):
        return sliced(list(range(10)), "computed", QueryDict(f"limit={limit}&cursor={cursor}"))

    second = part(5, part(3).next)
    first = part(5, second.previous)

    assert (second.rows, first.rows) == ([3, 4, 5, 6, 7], [0, 1, 2, 3, 4])
    assert first.previous is None


def test_a_far_page_starts_at_its_place_in_the_index(services):
    if connection.vendor != "sqlite":
        pytest.skip("reads the plan of SQLite")
    rows = Service.objects.order_by().values("pk", "slug")
    ordering = Ordering(("slug",))
    cursor = paginate(rows, ordering, "slug", QueryDict("limit=3")).next
    with CaptureQueriesContext(connection) as asked:
        paginate(rows, ordering, "slug", QueryDict(f"limit=3&cursor={cursor}"))
    with connection.cursor() as plan:
        plan.execute("EXPLAIN QUERY PLAN " + asked.captured_queries[0]["sql"])
        steps = " ".join(row[3] for row in plan.fetchall())

    assert "(slug>?)" in steps
    assert "TEMP B-TREE FOR ORDER BY" not in steps
