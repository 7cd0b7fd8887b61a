"""The collector of garbage passes over what stays for the whole run: modules, routes and tests.

Looking through all of it again and again took a third of the time of collecting the tests, and a
twentieth of executing them.
"""

import gc

import pytest

EVERY = (50_000, 20, 50)  # new objects; then collections of the youngest, of the middle ones

gc.disable()  # while modules are imported and tests collected


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop():
    gc.freeze()
    gc.set_threshold(*EVERY)
    gc.enable()
