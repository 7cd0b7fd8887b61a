"""Files of other tools: which of them it is that one comes from."""

import json
from pathlib import Path
from typing import Any

from portal.core.data import yaml

from . import blackbox, healthchecks, kuma
from .found import Found, UnknownExport

LARGEST = 50 * 1024 * 1024
LARGEST_YAML = 2 * 1024 * 1024  # it is read more slowly
SQLITE = b"SQLite format 3\x00"


def read(path: Path) -> list[Found]:
    """All that a file holds. Raises UnknownExport."""
    content = _content(path)
    if content.startswith(SQLITE):
        return kuma.in_file(path)
    whole = _document(path, content)
    if isinstance(whole, dict) and isinstance(whole.get("checks"), list):
        return [healthchecks.check(each) for each in whole["checks"]]
    if isinstance(whole, dict) and isinstance(whole.get("monitorList"), list):
        return [kuma.monitor(each) for each in whole["monitorList"]]
    if blackbox.is_configuration(whole):
        return blackbox.in_configuration(whole, path.parent, _whole)
    if blackbox.is_file_sd(whole):
        return blackbox.in_file_sd(whole)
    raise UnknownExport(
        f"{path.name} is no export of healthchecks (“checks”) or Uptime Kuma (“monitorList”), "
        "no configuration of Prometheus (“scrape_configs”) and no list of its targets."
    )


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise UnknownExport(f"{path.name} is larger than {LARGEST // 1024**2} MB.")
        return path.read_bytes()
    except OSError as error:
        raise UnknownExport(f"{path} cannot be read: {error.strerror}.") from error


def _whole(path: Path) -> Any:
    return _document(path, _content(path))


def _document(path: Path, content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return _yaml(path, content)


def _yaml(path: Path, content: bytes) -> Any:
    if len(content) > LARGEST_YAML:
        raise UnknownExport(f"{path.name} is no JSON, and too large for YAML.")
    try:
        yaml.check(content)
        return yaml.load(content)
    except Exception as error:  # what a parser raises for what is no YAML is without end
        raise UnknownExport(f"{path.name} is neither JSON, YAML nor SQLite.") from error
