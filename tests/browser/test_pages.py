"""Every page, light and dark, wide and on a phone: axe, the policy, the console, the edges."""

import pytest

from incidents.models import Incident
from onboarding.models import Guide
from portal.monitoring.models import Alert, Heartbeat, Intake, Maintenance, Ping, Silence
from portal.notifications.models import ContactMethod, Delivery
from runbooks.models import Run
from tests.onboarding.world import KEY

from .axe import SCHEMES
from .world import LONG

WIDE, PHONE = 1440, 390
EVERYBODY = (
    "/",
    "/runbooks/",
    "/runbooks/?kind=troubleshooting&q=disk",
    "/runbooks/disk-fills-up/",
    "/runbooks/disk-fills-up/history/",
    "/runbooks/disk-fills-up/compare/1/2/",
    "/runbooks/disk-fills-up/compare/1/2/?all",
    "/runbooks/disk-fills-up/versions/1/",
    "{long}",
    "{long}history/",
    "{archived}",
    "/search/",
    "/search/?q=disk",
    "/search/?q=dsk+filsl",
    "/search/?q=nothingofthekind",
    "/search/favourites/",
    "/r/alert/DiskFull",
    "/r/alert/no such name",
    "/services/",
    "/services/shop/",
    "/account/profile/",
    "/account/profile/tokens/new/",
    "/account/password/",
    "/account/second-factor/",
    "/account/sign-out/",
    "/guides/",
    "/guides/?q=nothingofthekind",
    "/guides/first-day/",
    "/guides/first-day/all/",
    "/guides/first-day/steps/{step}/",
    "/guides/first-day/steps/{film}/",
    "/guides/first-day/steps/{film}/?stuck",
    "/guides/old-guide/",
    "{long_guide}",
    "{long_guide}all/",
    "/guides/questions/",
    "/guides/questions/?q=a",
    "/guides/questions/?q=nothingofthekind",
    "/guides/me/",
    "/notifications/settings/",
    "/notifications/watched/",
    "/monitoring/alerts/history/",
    "/monitoring/alerts/noise/",
    "/monitoring/alerts/noise/?order=noise&days=90",
    "/monitoring/heartbeats/",
    "/monitoring/heartbeats/?q=nothingofthekind",
    "{fleet}",
    "/monitoring/alerts/history/?state=resolved",
    "{alert}",
    "{method}",
    "/notifications/channels/",
    "/notifications/channels/hook/",
    *("/monitoring/silences/", "{silence}", "/monitoring/maintenance/", "{maintenance}"),
    *("/oncall/", "/oncall/?span=month", "/oncall/databases/", "/oncall/databases/hand-over/"),
    *("/incidents/", "/incidents/?state=over", "{incident}", "/incidents/severities/"),
)
WRITERS = (
    "/",
    "/runbooks/gaps/",
    "/runbooks/import/",
    "/runbooks/new/",
    "/runbooks/new/?kind=deployment",
    "/runbooks/disk-fills-up/",
    "/runbooks/disk-fills-up/edit/",
    "/runbooks/disk-fills-up/about/",
    "/runbooks/disk-fills-up/compare/2/3/",
    "/runbooks/disk-fills-up/versions/3/",
    "/runbooks/drain-the-queue/",
    "/runbooks/drain-the-queue/edit/",
    "/runbooks/drain-the-queue/compare/0/1/",
    "{long}edit/",
    "/guides/",
    "/guides/not-published/",
    "/monitoring/heartbeats/new/",
    "{heartbeat}",
    "{heartbeat}edit/",
    "{ping}",
)
FOLLOWERS = (
    "/runbooks/disk-fills-up/run/",
    "{run}",
    "{run}?step=3",
    "/runbooks/runs/",
    "/runbooks/deployments/",
    "/runbooks/deployments/calendar/",
    "/runbooks/disk-fills-up/figures/",
    "/services/shop/",
    "/services/diagrams/",
    "/services/diagrams/data-flow/?service=shop&group=zone",
    "/services/shop/needs/",
    "/services/shop/dependents/",
    "/services/zones/",
    "/services/integrations/",
    "/services/configuration/",
    "/services/findings/",
    "/guides/first-day/",
    "/guides/first-day/steps/{step}/",
    "/monitoring/alerts/",
    "{alert}",
    *("/monitoring/silences/new/", "{silence}", "/monitoring/maintenance/new/", "{maintenance}"),
    *("{silence}edit/", "{maintenance}edit/"),
    *("/oncall/", "/oncall/databases/", "/oncall/databases/override/", "/oncall/databases/swap/"),
    *("/incidents/", "/incidents/new/", "{incident}", "{incident}severity/", "{incident}edit/"),
)
OPERATORS = (
    "/monitoring/intakes/",
    "/monitoring/intakes/new/",
    "/monitoring/intakes/try/",
    *("{intake}", "{intake}edit/"),
    "/notifications/channels/hook/",
    "/notifications/channels/hook/edit/",
    "/notifications/channels/new/",
    "{message}",
    "/monitoring/heartbeats/keys/",
    *("/incidents/severities/2/edit/", "/incidents/severities/calendar/", "/status/subscribers/"),
)
REVIEWERS = (
    *("/", "/runbooks/disk-fills-up/compare/2/3/", "/runbooks/disk-fills-up/", "{archived}"),
    *("/oncall/new/", "/oncall/databases/edit/", "/oncall/databases/override/"),
)
EMPTY = (
    *("/", "/runbooks/", "/runbooks/gaps/", "/services/", "/search/", "/account/profile/"),
    *("/guides/", "/guides/questions/", "/guides/me/"),
    *("/runbooks/runs/", "/runbooks/deployments/", "/services/diagrams/", "/services/findings/"),
    *("/monitoring/alerts/", "/monitoring/alerts/history/", "/monitoring/heartbeats/"),
    *("/monitoring/silences/", "/monitoring/maintenance/", "/monitoring/alerts/noise/"),
    "/oncall/",
    "/incidents/",
)
PAGES = {
    "nina": EVERYBODY,
    "alice": WRITERS,
    "paul": REVIEWERS,
    "rita": FOLLOWERS,
    "olga": OPERATORS,
}
NUMBERS = {"nina": 64, "alice": 20, "paul": 7, "rita": 35, "olga": 13}
PART = 13  # pages of a test: workers share the longest walk
PARTS = [
    pytest.param(name, pages[first : first + PART], id=f"{name}-{first}")
    for name, pages in PAGES.items()
    for first in range(0, len(pages), PART)
]
WRONG = {
    "/guides/nowhere/": 404,
    "/nowhere/": 404,
    "/runbooks/nowhere/": 404,
    "/runbooks/new/": 403,
}


def faults(visit, *addresses, status=200, widths=(WIDE, PHONE)) -> list[str]:
    """Everything that is wrong with these pages, each said with where it is."""
    found = []
    for address in addresses:
        visit.width(widths[0])
        visit.colours("light")
        visit.open(address, status=status)
        found += [f"{address}: {word}" for word in visit.complaints()]
        for scheme, width in looks(widths):
            visit.colours(scheme)
            visit.width(width)
            where = f"{address} {scheme} {width}"
            seen = (scheme, width) == looks(widths)[-1]  # in these colours at the other width
            said = visit.barriers(SCHEMES[scheme], new_looks_only=seen and len(widths) > 1)
            found += [f"{where}: {fault}" for fault in said]
            found += [f"{where}: scrolls to the side: {part}" for part in visit.sideways()]
    return found


def looks(widths) -> list[tuple[str, int]]:
    """Each scheme at each width; the second one on the way back, which spares drawing it twice."""
    there, back = SCHEMES
    return [*((there, width) for width in widths), *((back, width) for width in widths[::-1])]


def test_none_of_them_was_lost():
    assert {name: len(pages) for name, pages in PAGES.items()} == NUMBERS
    assert sum(len(part.values[1]) for part in PARTS) == sum(NUMBERS.values())


@pytest.mark.parametrize(("name", "pages"), PARTS)
def test_no_page_has_a_fault(name, pages, visit, world, request):
    ping = Ping.objects.filter(size__gt=0).select_related("instance__heartbeat").get()
    places = {
        "long": world.long.get_absolute_url(),
        "archived": world.archived.get_absolute_url(),
        "run": Run.objects.get().get_absolute_url(),
        "incident": Incident.objects.get().get_absolute_url(),
        "alert": Alert.objects.order_by("pk")[1].get_absolute_url(),
        "silence": Silence.objects.get().get_absolute_url(),
        "maintenance": Maintenance.objects.get().get_absolute_url(),
        "intake": Intake.objects.get().get_absolute_url(),
        "heartbeat": ping.instance.heartbeat.get_absolute_url(),
        "fleet": Heartbeat.objects.get(slug="log-shipper").get_absolute_url(),
        "ping": f"{ping.instance.heartbeat.get_absolute_url()}pings/{ping.pk}/",
        "step": KEY,
        "method": ContactMethod.objects.get().get_absolute_url(),
        "message": Delivery.objects.filter(channel__slug="hook").first().get_absolute_url(),
        "film": Guide.objects.get(slug="first-day").published.keys[1],
        "long_guide": Guide.objects.get(title=LONG).get_absolute_url(),
    }
    addresses = [address.format(**places) for address in pages]

    assert faults(visit(request.getfixturevalue(name)), *addresses) == []


@pytest.mark.parametrize("name", ["nina", "paul"])
def test_no_page_of_an_empty_portal_has_a_fault(name, visit, request):
    person = request.getfixturevalue(name)
    addresses = [each for each in EMPTY if name == "paul" or each != "/runbooks/gaps/"]

    assert faults(visit(person), *addresses) == []


def test_the_sign_in_page_has_no_fault(visit):
    assert faults(visit(), "/account/sign-in/") == []


@pytest.mark.parametrize(("address", "status"), WRONG.items())
def test_no_page_of_an_error_has_a_fault(address, status, visit, nina):
    assert faults(visit(nina), address, status=status) == []


def test_a_very_long_title_stays_whole(visit, world, nina):
    page = visit(nina).open(world.long.get_absolute_url())

    assert page.text_content("h1") == LONG
