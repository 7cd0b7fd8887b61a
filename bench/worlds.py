"""Databases with many rows: seeded once, copied and grown for each larger size."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg


@dataclass(frozen=True)
class World:
    """One database of one size, and the environment in which a process finds it."""

    size: int
    folder: Path
    url: str  # of PostgreSQL; empty for SQLite

    @property
    def env(self) -> dict:
        shared = self.folder.parent
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
        return kept | {
            "PORTAL_DATA": str(self.folder),
            "PORTAL_SECRET_KEY": "bench" * 12,  # the same sessions in every copy
            "PORTAL_STATIC_ROOT": str(shared / "static"),
            "PORTAL_HTTPS": "0",
            "PORTAL_HOSTS": "127.0.0.1",
            "PORTAL_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            **({"PORTAL_DATABASE_URL": self.url} if self.url else {}),
        }

    def run(self, module: str, *arguments: str):
        """What a module of ours prints as its last line, in a process of its own."""
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, env=self.env, check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def made(folder: Path, server: str, sizes: list[int], *, guides: bool):
    """size -> its world, and how people sign in to all of them; gone afterwards."""
    worlds = {size: _empty(folder, server, size) for size in sorted(sizes)}
    smallest, *larger = worlds.values()
    try:
        people = smallest.run("bench.prepare", "new", str(smallest.size), *["guides"] * guides)
        for world in larger:
            _copy(server, smallest, world)
            world.run("bench.prepare", "more", str(world.size))
        yield worlds, people
    finally:
        for world in worlds.values():
            shutil.rmtree(world.folder)
            if server:
                dropped(server, _name(world.size))


def _empty(folder: Path, server: str, size: int) -> World:
    own = folder / str(size)
    own.mkdir()
    if not server:
        return World(size, own, "")
    emptied(server, _name(size))
    return World(size, own, urlsplit(server)._replace(path=f"/{_name(size)}").geturl())


def _copy(server: str, old: World, new: World) -> None:
    shutil.copytree(old.folder, new.folder, dirs_exist_ok=True)
    if server:
        _run(server, f'DROP DATABASE "{_name(new.size)}"')
        _run(server, f'CREATE DATABASE "{_name(new.size)}" TEMPLATE "{_name(old.size)}"')


def emptied(server: str, name: str) -> None:
    """A new database of this name, whether there was one or not."""
    _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _run(server, f'CREATE DATABASE "{name}"')


def dropped(server: str, name: str) -> None:
    _run(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _name(size: int) -> str:
    return f"portal_bench_{size}"


def _run(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
