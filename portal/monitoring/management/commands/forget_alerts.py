from django.core.management.base import BaseCommand

from portal.core.data import clock
from portal.monitoring.jobs import AT_ONCE, kept_alerts, kept_received
from portal.monitoring.models import Alert, AlertName, Received


class Command(BaseCommand):
    help = "Delete what is older than alerts, and what came in, are kept. The engine does so, too."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only say what would go.")

    def handle(self, *, dry_run, **options):
        now, said = clock.now(), []
        for rows, kept, noun in (
            (Alert.objects, kept_alerts(), "resolved alerts"),
            (Received.objects, kept_received(), "deliveries that came in"),
        ):
            count = 0
            if kept and dry_run:
                count = rows.outlived(now, kept).count()
            while kept and not dry_run and (gone := rows.forget(now, kept, AT_ONCE)):
                count += gone
            said.append(f"{count} {noun}")
        if not dry_run:
            AlertName.objects.forget_unused()
        self.stdout.write(f"{'Would delete' if dry_run else 'Deleted'}: {', '.join(said)}.")
