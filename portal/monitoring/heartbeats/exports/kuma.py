"""Uptime Kuma: its database on SQLite or MariaDB, and the JSON backup of its version 1."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from .found import Found, UnknownExport, check, seconds, text

ORIGIN = "Uptime Kuma"
PUSH = "push"
LOOK_AT_URLS = ("http", "keyword", "json-query")  # of others the column holds no more than https://
COLUMNS = ("id", "name", "type", "interval", "active", "url")
SELECT = f"SELECT {', '.join(f'`{each}`' for each in COLUMNS)} FROM monitor ORDER BY id"  # noqa: S608
PORT, WAIT = 3306, 10  # seconds
DRIVER = (
    "Reading MariaDB needs PyMySQL: install it beside the portal, "
    "as by pip install 'ops-portal[mariadb]' or pip install PyMySQL."
)


def in_file(path: Path) -> list[Found]:
    """Those of a kuma.db, which is opened to read. Raises UnknownExport."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            return monitors(database.execute(SELECT))
    except sqlite3.Error as error:
        raise UnknownExport(f"{path.name} is no database of Uptime Kuma: {error}.") from error


def in_mariadb(address: str, password: Callable[[], str]) -> list[Found]:
    """Those of `mysql://user@host:port/database`. Raises UnknownExport."""
    where = _where(address)
    try:
        driver: Any = import_module("pymysql")
    except ImportError as error:
        raise UnknownExport(DRIVER) from error
    try:
        database = driver.connect(password=password(), **where)
        with closing(database), closing(database.cursor()) as cursor:
            cursor.execute(SELECT)
            return monitors(cursor.fetchall())
    except driver.MySQLError as error:
        said = error.args[-1] if error.args else error
        raise UnknownExport(f"MariaDB at {where['host']} was not read: {said}.") from error


def _where(address: str) -> dict[str, Any]:
    try:
        parts = urlsplit(address)
        port = parts.port or PORT
    except ValueError as error:
        raise UnknownExport(f"The address of MariaDB is not understood: {error}.") from error
    if parts.password:
        raise UnknownExport(
            "Leave the password out of the address, where others on this machine see it: "
            "put it into IMPORT_CHECKS_PASSWORD, or type it when you are asked."
        )
    database = parts.path.strip("/")
    if not (parts.hostname and parts.username and database) or "/" in database:
        raise UnknownExport("Write the address as mysql://user@host:3306/database.")
    return {
        "host": parts.hostname,
        "port": port,
        "user": unquote(parts.username),
        "database": unquote(database),
        "charset": "utf8mb4",
        "connect_timeout": WAIT,
        "read_timeout": WAIT,
    }


def monitors(rows: Iterable[tuple]) -> list[Found]:
    """Of rows as SELECT answers them."""
    return [monitor(dict(zip(COLUMNS, row, strict=True))) for row in rows]


def monitor(row: Any) -> Found:
    """Those of the kind “push” are jobs that report."""
    if not isinstance(row, dict):
        return Found("?", ORIGIN, not_taken="it is no object")
    name = text(row.get("name")) or f"monitor {text(row.get('id'))}"
    kind = text(row.get("type"))
    if kind != PUSH:
        return check(name, ORIGIN, kind, text(row.get("url")) if kind in LOOK_AT_URLS else "")
    every = seconds(row.get("interval"))
    if every is None:
        return Found(name, ORIGIN, not_taken="its interval is no number")
    about = {"every": every, "grace": max(every / 10, timedelta(minutes=1))}
    return Found(name, ORIGIN, about, is_paused=not row.get("active", True))
