"""Which tests run, and in which order, so that workers that steal from each other end together."""

import os

import pytest

DATABASE = {"db", "transactional_db", "live_server"}


def pytest_addoption(parser):
    parser.addoption(
        "--only-database",
        action="store_true",
        help="leave out what asks no database: it does the same on another one",
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


def asks_database(item) -> bool:
    marked = item.get_closest_marker("django_db") is not None
    return marked or not DATABASE.isdisjoint(getattr(item, "fixturenames", ()))


def place(item) -> int:
    """Browser tests together at the head, then the long ones: what is stolen last is short."""
    for number, mark in enumerate(("browser", "slow", "long")):
        if item.get_closest_marker(mark):
            return number
    return 3
