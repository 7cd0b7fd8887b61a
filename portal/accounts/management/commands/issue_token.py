from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from portal.accounts.models import Token, User
from portal.accounts.models.tokens import DAYS, SCOPES


class Command(BaseCommand):
    help = "Issue an API token for a person and print it, once, and nothing else."

    def add_arguments(self, parser):
        parser.add_argument("user", help="The name with which the person signs in.")
        parser.add_argument(
            "--scope",
            action="extend",
            nargs="+",
            default=[],
            metavar="SCOPE",
            help=f"One or more of {', '.join(SCOPES)}.",
        )
        parser.add_argument("--days", type=int, default=DAYS, help=f"Days it is valid ({DAYS}).")
        parser.add_argument("--name", default="command line", help="What will use it.")

    def handle(self, *, user, scope, days, name, **options):
        scopes = [part for given in scope for part in given.split(",") if part]
        if not scopes:
            raise CommandError(f"Choose one or more of --scope {', '.join(SCOPES)}.")
        try:
            _, plain = Token.objects.issue(person(user), name, scopes, days=days)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(plain)


def person(username: str) -> User:
    found = User.objects.filter(username=username).first()
    if found is None:
        raise CommandError(f"Nobody signs in as “{username}”. ./run manage make_person makes them.")
    if not found.is_active:
        raise CommandError(f"{username} may not sign in any more: make the account active first.")
    return found
