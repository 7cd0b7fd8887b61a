"""Something of everything that the API shows."""

from django.utils import timezone

from incidents.models import Communication, CommunicationTemplate, Component, Incident
from onboarding.models import Guide, Progress, Screenshot, Video
from portal.accounts.models import Team
from portal.architecture.models import Dependency, Integration, Service, Zone
from portal.notifications.models import Channel, ContactMethod, Delivery
from runbooks.models import Gap, Run, Runbook
from tests.incidents.api_world import NUMBER, make_incidents
from tests.incidents.oncall.world import make_on_call
from tests.monitoring.heartbeats.world import make_heartbeats
from tests.monitoring.world import make_alerts, make_mutings
from tests.onboarding.world import make_guide, make_questions, put_in_the_middle
from tests.runbooks.conftest import make_disk


def make_world(alice, nina, olga, publish) -> list:
    """The rows that have files."""
    make_disk(alice, publish)
    mail = {"kind": "mail", "address": "databases@example.org", "slug": "disk-fills-up"}
    channel, _ = Channel.objects.add(by=olga, name="Databases", **mail)
    ContactMethod.objects.add(olga, kind="service", address="ntfys://ntfy.example.org/olga-9c1")
    Delivery.objects.post(key="x", to=[channel], subject="Disk fills up", text="Look.")
    Delivery.objects.update(state="failed", last_error="The mail server hung up.")
    disk = Runbook.objects.get()
    team = Team.objects.create(slug="databases", name="Databases")
    Service.objects.create(slug="orders", name="Orders", owner=team, tier=1)
    Gap.objects.note("NobodyKnows", at=timezone.now())
    disk.judge(by=nina, helpful=False, reason="Which disk?")
    disk.addresses.create(slug="disk-is-full")
    disk.describe(owner=team, services=Service.objects.all(), by=alice)
    disk.draft("Next", author=alice, based_on=1)
    shops = Service.objects.create(slug="disk-fills-up", name="Shops", owner=team, tier=1)
    Zone.objects.create(slug="disk-fills-up", name="Zone")
    outside = Integration.objects.create(slug="disk-fills-up", name="Outside")
    Dependency.objects.create(source=shops, integration=outside, protocol="HTTPS")
    Run.objects.start(disk, by=alice, parameters={"host": "db1"}, service=shops)
    make_alerts()
    make_heartbeats()
    make_mutings(olga)
    make_on_call([olga, alice], by=olga, services=[shops])
    make_incidents(olga, alice)
    make_told(alice, olga)
    guide = make_guide(alice, "First day", slug="disk-fills-up")
    make_questions(guide, "disk-fills-up")
    put_in_the_middle(guide, nina, alice)
    Progress.objects.start(Guide.objects.get(), by=olga)
    Guide.objects.get().publish(by=alice)
    return [*Screenshot.objects.all(), *Video.objects.all()]


def make_told(alice, olga) -> None:
    """An incident, a message that somebody else wrote about it, and a template of our name."""
    shops = Service.objects.get(slug="disk-fills-up")
    Component.objects.add(by=olga, service=shops, public_name="Shops", is_public=True)
    template = CommunicationTemplate.objects.add(
        by=olga,
        slug="disk-fills-up",
        audience="customers",
        moment="notice",
        subject="{{ impact }}",
        public_text="{{ impact }}. Next update: {{ next_update }}.",
    )
    Communication.objects.draft(
        Incident.objects.get(pk=NUMBER),
        audience="customers",
        moment="notice",
        template=template,
        by=alice,
        at=timezone.now(),
        values={"impact": "Orders wait"},
    )
