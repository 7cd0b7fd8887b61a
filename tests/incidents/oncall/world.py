"""A rotation with an override and a swap, and more of them."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from incidents.models import Feed, Override, Rotation, Swap
from incidents.models.layers import Layer, LayerMember
from incidents.models.specifications import LayerSpec

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)  # a Tuesday
FIRST = date(2026, 11, 2)  # a Monday
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def week(*people, name="Week", first=FIRST, **more) -> LayerSpec:
    return LayerSpec(name, people, first, **more)


def make_rotation(*people, by, at=AT, slug="databases", **more) -> Rotation:
    """People take turns of a week."""
    about = {
        "slug": slug,
        "name": slug.title(),
        "layers": [week(*people)] if people else [],
        **more,
    }
    return Rotation.objects.make(by=by, at=at, **about)


def make_on_call(people, *, by, slug="disk-fills-up", services=()) -> Rotation:
    """One as it is now, in use for months, with an override, a swap and a calendar."""
    now = timezone.now()
    first = now.date() - timedelta(days=now.weekday() + 56)
    layers = [week(*people, first=first)]
    row = Rotation.objects.make(
        by=by, at=now, slug=slug, name="Databases", layers=layers, services=services
    )
    Override.objects.create(
        rotation=row,
        person=people[0],
        starts_at=now + DAY,
        ends_at=now + 2 * DAY,
        reason="Training",
        made_at=now,
        made_by=by,
    )
    Swap.objects.create(
        rotation=row,
        asker=people[0],
        asked=people[1],
        starts_at=now + 9 * DAY,
        ends_at=now + 10 * DAY,
        made_at=now,
    )
    Feed.objects.open(by, at=now)
    return row


def grow_rotations(count: int, people) -> None:
    """So many more rotations, and overrides and swaps of the first one."""
    now = timezone.now()
    begin = Rotation.objects.count()
    about = {"created_at": now, "changed_at": now}
    rows = Rotation.objects.bulk_create(
        Rotation(slug=f"rot{n}", name=f"Rotation {n}", **about) for n in range(begin, begin + count)
    )
    layers = Layer.objects.bulk_create(
        Layer(rotation=row, position=1, name="Week", starts_on=FIRST) for row in rows
    )
    LayerMember.objects.bulk_create(
        LayerMember(layer=layer, person=person, position=place)
        for layer in layers
        for place, person in enumerate(people)
    )
    first = Rotation.objects.order_by("pk").first()
    times = {"starts_at": now + 20 * DAY, "ends_at": now + 21 * DAY, "made_at": now}
    Override.objects.bulk_create(
        Override(rotation=first, person=people[0], **times) for _ in range(count)
    )
    asked = {"asker": people[0], "asked": people[1]}
    Swap.objects.bulk_create(Swap(rotation=first, **asked, **times) for _ in range(count))
