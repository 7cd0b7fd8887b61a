from django.core.management.commands import migrate

from portal.core.ops import data_folder


class Command(migrate.Command):
    """Django's own, in a data folder that it makes before the checks that ask the database."""

    def execute(self, *arguments, **options):
        data_folder.make_or_refuse()
        return super().execute(*arguments, **options)
