import socket

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from portal.core.data import clock
from portal.notifications.models import Beat


class Command(BaseCommand):
    help = "Ends with 0 if the engine of this machine has beaten within 30 s, with 1 if not."
    requires_system_checks = ()  # it is asked every few seconds

    def handle(self, **options):
        host = socket.gethostname()
        try:
            word = Beat.objects.filter(name=host).word(clock.now())
        except DatabaseError as error:
            reason = str(error).strip().partition("\n")[0]
            raise CommandError(f"The database does not answer ({reason}).") from error
        if word == "never":
            raise CommandError(f"No engine has ever run on {host}.")
        if word != "ok":
            raise CommandError(f"The engine on {host} is {word}.")
        self.stdout.write(f"The engine on {host} lives.")
