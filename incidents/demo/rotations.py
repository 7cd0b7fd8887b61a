"""Rotations of the shop: a week and its nights, office hours, an override, a swap."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from incidents.models import Rotation
from incidents.models.specifications import LayerSpec
from incidents.oncall.hours import hours_of
from incidents.oncall.shifts import Shift, shifts
from portal.architecture.models import Service
from portal.core.ops.demo import World

ZONE = "Europe/Berlin"
WEEKS_AGO = 12
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PLANNED_FOR = 4  # weeks from now; then the plan of Platform ends, and nobody has made the next one


def make_rotations(world: World) -> None:
    first = _monday(world.now) - WEEKS_AGO * 7 * DAY
    payments, platform = _payments(world, first), _platform(world, first)
    _storefront(world, first)
    _override(payments, world)
    _swap(platform, world)
    Rotation.objects.update(told_until=world.now)
    world.report(f"{Rotation.objects.count()} rotations, an override and a swap")


def _monday(at: datetime) -> date:
    day = at.astimezone(ZoneInfo(ZONE)).date()
    return day - day.weekday() * DAY


def _make(world: World, slug: str, name: str, layers: list[LayerSpec], **more) -> Rotation:
    team = world.teams[slug]
    about = {"slug": slug, "name": name, "owner": team, "time_zone": ZONE, **more}
    services = Service.objects.filter(owner=team)
    at = world.now - WEEKS_AGO * 7 * DAY
    return Rotation.objects.make(
        by=world.people["olga"], at=at, layers=layers, services=services, **about
    )


def _layer(world: World, name: str, people: str, first: date, hours: str = "", **more) -> LayerSpec:
    members = tuple(world.people[each] for each in people.split())
    return LayerSpec(name, members, first, hours=hours_of(hours), **more)


def _payments(world: World, first: date) -> Rotation:
    week = _layer(world, "Week", "rita amara kenji", first)
    nights = _layer(world, "Nights", "kenji rita", first, "Mon-Sun 22:00-07:00")
    about = {"description": "Checkout and refunds, at any hour."}
    return _make(world, "payments", "Payments", [week, nights], **about)


def _platform(world: World, first: date) -> Rotation:
    last = _monday(world.now) + PLANNED_FOR * 7 * DAY
    people = "alice tomasz olga ingrid"
    week = _layer(world, "Week", people, first, hand_over=time(8), ends_on=last)
    about = {"holidays_country": "DE", "description": "What all services stand on."}
    return _make(world, "platform", "Platform", [week], **about)


def _storefront(world: World, first: date) -> Rotation:
    """Office hours, and some at weekends."""
    office = _layer(world, "Office hours", "alice priya", first, "Mon-Fri 08:00-18:00")
    weekend = _layer(world, "Weekends", "priya alice", first, "Sat,Sun 09:00-17:00")
    about = {"is_always": False, "description": "At night Platform answers."}
    return _make(world, "storefront", "Storefront", [office, weekend], **about)


def _override(rotation: Rotation, world: World) -> None:
    """Somebody else takes some hours of the day after tomorrow."""
    begin = world.now.replace(minute=0, second=0, microsecond=0) + 2 * DAY
    olga, amara = world.people["olga"], world.people["amara"]
    rotation.override(
        amara, begin, begin + 6 * HOUR, by=olga, at=world.now, reason="A day of training"
    )


def _swap(rotation: Rotation, world: World) -> None:
    """Of the next shifts of two people; the second one agreed."""
    first, second = _coming(rotation, world)
    people = {person.pk: person for person in world.people.values()}
    asker, asked = people[first.person], people[second.person]
    swap = rotation.propose_swap(
        asked,
        (first.starts_at, first.ends_at),
        by=asker,
        at=world.now,
        back=(second.starts_at, second.ends_at),
        message="I am at a wedding that weekend.",
    )
    swap.agree(by=asked, at=world.now)


def _coming(rotation: Rotation, world: World) -> list[Shift]:
    since, until = world.now, world.now + 35 * DAY
    plan = Rotation.objects.filter(pk=rotation.pk).plans(since, until)[rotation.pk]
    return shifts(plan, since, until)[1:3]
