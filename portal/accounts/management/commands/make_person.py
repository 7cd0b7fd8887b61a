import sys
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.accounts.models import User
from portal.accounts.roles import ROLES


class Command(BaseCommand):
    help = "Make a person with a role; the password is asked for, or read from standard input."

    def add_arguments(self, parser):
        parser.add_argument("user", help="The name with which the person signs in.")
        parser.add_argument("--role", required=True, choices=ROLES)
        parser.add_argument("--name", default="", help="As colleagues know them.")
        parser.add_argument("--email", default="")

    @transaction.atomic
    def handle(self, *, user, role, name, email, **options):
        person = User(username=user, name=name, email=email)
        try:
            password = chosen_password()
            validate_password(password, person)
            person.set_password(password)
            person.full_clean()
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        person.save()
        person.take_role(role)
        self.stdout.write(f"{person} signs in as {user} ({role}).")


def chosen_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        raise CommandError("The two passwords differ. Nothing was made.")
    return password
