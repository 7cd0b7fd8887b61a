from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Derive what is shown of all texts anew: after an upgrade that reads texts otherwise "
        "(see CHANGELOG.md). It runs every command that does so for one kind of text."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Count, but change nothing.")

    def handle(self, dry_run, **options):
        for name, app in sorted(get_commands().items()):
            if name.startswith("rebuild_") and _is_of_texts(name, app):
                call_command(name, dry_run=dry_run, stdout=self.stdout, stderr=self.stderr)


def _is_of_texts(name: str, app: str | BaseCommand) -> bool:
    command = app if isinstance(app, BaseCommand) else load_command_class(app, name)
    return getattr(command, "derives_texts", False)
