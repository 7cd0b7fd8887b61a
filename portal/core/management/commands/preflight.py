import socket

from django.conf import settings
from django.core.cache import caches
from django.core.checks import ERROR, Tags, run_checks
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from portal.core.ops import data_folder
from portal.core.ops.checks import SETTINGS


class Command(BaseCommand):
    help = "Refuse to start with unsafe settings, a database that is behind, or a taken address."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--address-only", action="store_true", help="Ask only whether the address is free."
        )

    def handle(self, *, address_only, **options):
        problems = address_problems()
        if not address_only:
            data_folder.make_or_refuse()
            self.warn()
            problems = [*settings_problems(), *database_problems(), *cache_problems(), *problems]
        if problems:
            raise CommandError("The portal does not start:\n" + "\n".join(problems))

    def warn(self):
        for message in run_checks(tags=[SETTINGS]):
            self.stderr.write(f"{message.msg} {message.hint}")


def settings_problems() -> list[str]:
    found = run_checks(tags=[Tags.security, Tags.urls], include_deployment_checks=True)
    return [f"- {message.msg} {message.hint}" for message in found if message.level >= ERROR]


def database_problems() -> list[str]:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        reason = str(error).strip()
        return [f"- The database does not answer ({reason}). Is PORTAL_DATABASE_URL right?"]
    if missing:
        return [f"- The database lacks {len(missing)} migrations. Run ./run manage migrate first."]
    return []


def cache_problems() -> list[str]:
    if not settings.CACHE_URL:
        return []
    from redis import RedisError  # slow to import: only portals with Redis wait for it

    try:
        caches["default"].get("preflight")
    except (RedisError, ValueError) as error:
        return [f"- The cache does not answer ({error}). Is PORTAL_CACHE_URL right?"]
    return []


def address_problems() -> list[str]:
    host, _, port = settings.BIND.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65536:
        return [f"- PORTAL_BIND needs an address and a port (127.0.0.1:8000), not {settings.BIND}."]
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            return [f"- Port {port} cannot be used: {error.strerror}. Choose another one."]
    return []
