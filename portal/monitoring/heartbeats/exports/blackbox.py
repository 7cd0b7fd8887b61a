"""What Prometheus lets a blackbox exporter look at: `prometheus.yml`, and the files of `file_sd`.

A job goes to such an exporter if its relabelling makes the address of a target a parameter.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from .found import Found, check, text

ORIGIN = "Prometheus blackbox"
MOST_FILES = 1000  # of one pattern
Read = Callable[[Path], Any]


def is_configuration(whole: Any) -> bool:
    return isinstance(whole, dict) and isinstance(whole.get("scrape_configs"), list)


def is_file_sd(whole: Any) -> bool:
    return isinstance(whole, list) and bool(whole) and all(map(_is_group, whole))


def _is_group(group: Any) -> bool:
    return isinstance(group, dict) and isinstance(group.get("targets"), list)


def in_configuration(whole: dict, folder: Path, read: Read) -> list[Found]:
    """The targets of all jobs that go to a blackbox exporter; `read` raises UnknownExport."""
    jobs = [job for job in whole["scrape_configs"] if isinstance(job, dict) and _is_probed(job)]
    return [found for job in jobs for found in _in_job(job, folder, read)]


def in_file_sd(groups: list, kind: str = "blackbox") -> list[Found]:
    """The targets of one file; which job reads it, it does not say."""
    names = (text(each) for group in groups for each in group["targets"])
    return [check(name, ORIGIN, kind, name) for name in names if name]


def _is_probed(job: dict) -> bool:
    rules = job.get("relabel_configs")
    return isinstance(rules, list) and any(map(_makes_parameter, rules))


def _makes_parameter(rule: Any) -> bool:
    if not isinstance(rule, dict) or text(rule.get("target_label")) != "__param_target":
        return False
    sources = rule.get("source_labels")
    return isinstance(sources, list) and "__address__" in sources


def _in_job(job: dict, folder: Path, read: Read) -> Iterator[Found]:
    kind = _module(job)
    for group in _listed(job, "static_configs"):
        if _is_group(group):
            yield from in_file_sd([group], kind)
    for config in _listed(job, "file_sd_configs"):
        for pattern in _listed(config, "files") if isinstance(config, dict) else ():
            yield from _matching(text(pattern), folder, read, kind)


def _matching(pattern: str, folder: Path, read: Read, kind: str) -> Iterator[Found]:
    """Relative to the folder of the configuration, as Prometheus does it."""
    path = folder / pattern
    paths = list(islice(sorted(path.parent.glob(path.name)), MOST_FILES)) if path.name else []
    if not paths:
        yield Found(pattern or "?", ORIGIN, not_taken="no such file is there")
    for each in paths:
        whole = read(each)
        if is_file_sd(whole):
            yield from in_file_sd(whole, kind)
        else:
            yield Found(each.name, ORIGIN, not_taken="it is no list of targets")


def _listed(whole: Any, name: str) -> list:
    found = whole.get(name)
    return found if isinstance(found, list) else []


def _module(job: dict) -> str:
    """Of the exporter: http_2xx, tcp_connect, icmp, …"""
    params = job.get("params")
    modules = params.get("module") if isinstance(params, dict) else None
    first = modules[0] if isinstance(modules, list) and modules else ""
    return text(first) or "blackbox"
