from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from onboarding.demo import show_guides
from portal.accounts.models import User
from portal.core.web.outcomes import REFUSED

NAMES = ("nina", "rita", "alice", "paul", "olga")


class Command(BaseCommand):
    help = "Add the guides and questions that ship to the demo, and people who follow them."

    def handle(self, **options):
        people = {person.username: person for person in User.objects.filter(username__in=NAMES)}
        if len(people) < len(NAMES):
            raise CommandError("The people of the demo are missing: run load_demo first.")
        with transaction.atomic():
            outcomes = show_guides(people, now=timezone.now())
        for outcome in outcomes:
            if outcome.state == REFUSED:
                self.stderr.write(str(outcome))
