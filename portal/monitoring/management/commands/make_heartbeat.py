from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.data.nearest import nearest
from portal.core.web.address import absolute
from portal.monitoring.heartbeats import durations
from portal.monitoring.models import Heartbeat


class Command(BaseCommand):
    help = "Make a heartbeat and print the address that the job calls, and nothing else."

    def add_arguments(self, parser):
        add = parser.add_argument
        add("name", help="What runs, such as “Nightly backup”.")
        add("--every", default="", metavar="SPAN", help="How often it reports: 90s, 10m, 1h, 7d.")
        add("--cron", default="", metavar="EXPRESSION", help="Or when: five fields, or @daily.")
        add("--tz", default="UTC", metavar="ZONE", help="The time zone of --cron (UTC).")
        add("--grace", default="1h", metavar="SPAN", help="How late it may be (1h).")
        add("--shortest", default="", metavar="SPAN", help="A run that succeeds sooner is odd.")
        add("--longest", default="", metavar="SPAN", help="A run that takes longer is down.")
        add("--slug", default="", help="For /ping/<key>/<slug>; made of the name.")
        add("--service", default="", metavar="SLUG", help="The service that it belongs to.")
        add("--owner", default="", metavar="SLUG", help="The team that is told.")

    def handle(self, *, name, every, cron, tz, slug, service, owner, **options):
        try:
            given = {
                each: durations.duration_of(options[each])
                for each in ("grace", "shortest", "longest")
                if options[each]
            }
            heartbeat = Heartbeat.objects.make(
                name.strip(),
                every=durations.duration_of(every) if every else None,
                cron=cron,
                zone=tz,
                slug=slug,
                service=_row(Service, service),
                owner=_row(Team, owner),
                **given,
            )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(absolute(reverse("ping", args=[heartbeat.uuid])))


def _row(model, slug: str):
    if not slug:
        return None
    found = model.objects.filter(slug=slug).first()
    if found is None:
        near = nearest(slug, list(model.objects.values_list("slug", flat=True)))
        raise CommandError(f"There is no {model._meta.verbose_name} “{slug}”.{near}")
    return found
