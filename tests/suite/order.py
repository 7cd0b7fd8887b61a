"""Which tests run, and in which order, so that workers that steal from each other end together."""

import os
from itertools import groupby

import pytest

DATABASE = {"db", "transactional_db", "live_server"}
MARKS = ("browser", "slow", "long")  # what takes long, and begins early


def pytest_addoption(parser):
    parser.addoption(
        "--only-database",
        action="store_true",
        help="leave out what does the same on another database",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config) -> int:
    """One more than there are processors: a worker waits while Chromium or a program works."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if config.getoption("only_database"):
        left_out = [item for item in items if not asks_database(item)]
        items[:] = [item for item in items if asks_database(item)]
        config.hook.pytest_deselected(items=left_out)
    items.sort(key=place)
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    items[:] = shared_out(items, workers)


def asks_database(item) -> bool:
    """What other tests ask, too, is marked `anywhere`."""
    if item.get_closest_marker("anywhere"):
        return False
    marked = item.get_closest_marker("django_db") is not None
    return marked or not DATABASE.isdisjoint(getattr(item, "fixturenames", ()))


def place(item) -> int:
    marked = (number for number, mark in enumerate(MARKS) if item.get_closest_marker(mark))
    return next(marked, len(MARKS))


def shared_out(items: list, workers: int) -> list:
    """So that each worker begins with its part of what takes long, and ends with what is short.

    xdist cuts the list into as many slices of one size, in order; who is done steals from the end
    of another slice. Tests of one file that share what takes long stay together.
    """
    heavy = [item for item in items if place(item) < len(MARKS)]
    short = items[len(heavy) :]
    slices: list[list] = [[] for _ in range(workers)]
    for number, (_, group) in enumerate(groupby(heavy, key=unit)):
        slices[number % workers] += group
    left = len(items)
    for number, each in enumerate(slices):
        size = left // (workers - number)
        fill = max(size - len(each), 0)
        each += short[:fill]
        short, left = short[fill:], left - size
    return [item for each in slices for item in each] + short


def unit(item) -> str:
    """What one worker runs as a whole: a file of tests that start a portal, else a test."""
    starts = item.get_closest_marker("browser") or item.get_closest_marker("slow")
    together = starts and not hasattr(item, "callspec")
    return item.nodeid.partition("::")[0] if together else item.nodeid
