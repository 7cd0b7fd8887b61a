from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from portal.core.data import clock
from portal.notifications.models import Delivery


class Command(BaseCommand):
    help = "Do not send what has waited for so long, as after restoring a copy of the database."

    def add_arguments(self, parser):
        parser.add_argument("--hours", type=int, default=24, help="24 if not given.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would expire.")

    def handle(self, *, hours, dry_run, **options):
        if not 0 <= hours <= 876_000:
            raise CommandError("--hours is a number from 0.")
        now = clock.now()
        stale = Delivery.objects.stale(now - timedelta(hours=hours), now)
        if dry_run:
            self.stdout.write(f"Would expire: {stale.count()}.")
            return
        expired = sum(delivery.expire(by=None, at=now) for delivery in stale)
        self.stdout.write(f"Expired: {expired}. Send one again in the administration.")
