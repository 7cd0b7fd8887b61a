from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from portal.monitoring.models import Intake, IntakeKind


class Command(BaseCommand):
    help = (
        "Make an intake for the alerts of a tool and print its address, once, and nothing else; "
        "of PagerDuty the routing key."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help="For example “Prometheus eu1”.")
        parser.add_argument("--kind", required=True, choices=IntakeKind.values)

    def handle(self, *, name, kind, **options):
        try:
            intake, key = Intake.objects.make(name, kind)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(key if kind == IntakeKind.PAGERDUTY else intake.address(key))
