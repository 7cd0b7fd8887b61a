from django.core.management.base import BaseCommand

from portal.core.data import clock
from portal.notifications.jobs import AT_ONCE, kept_for
from portal.notifications.models import Delivery


class Command(BaseCommand):
    help = "Remove the texts and attempts of old messages, as the engine does by itself."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only say what it would remove.")

    def handle(self, *, dry_run, **options):
        kept = kept_for()
        if kept is None:
            self.stdout.write("PORTAL_KEEP_DELIVERIES_DAYS is 0: all texts are kept.")
            return
        now = clock.now()
        if dry_run:
            count = Delivery.objects.outlived(now, kept).count()
            self.stdout.write(f"Would remove texts and attempts: {count}.")
            return
        count = 0
        while some := Delivery.objects.forget(now, kept, AT_ONCE):
            count += some
        self.stdout.write(f"Removed texts and attempts: {count}.")
