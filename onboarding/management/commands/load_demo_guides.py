from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from onboarding.demonstrating import show_guides
from portal.accounts.models import User

NAMES = ("nina", "rita", "alice", "paul", "olga")


class Command(BaseCommand):
    help = "Add a guide, questions and people at different places in it to the portal of the demo."

    def handle(self, **options):
        people = {person.username: person for person in User.objects.filter(username__in=NAMES)}
        if len(people) < len(NAMES):
            raise CommandError("The people of the demo are missing: run load_demo first.")
        with transaction.atomic():
            show_guides(people, now=timezone.now())
