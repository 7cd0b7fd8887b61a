"""What is collected is executed: a run that lost a test, or in which two have one id, fails."""

from collections import Counter

import pytest


def pytest_configure(config):
    is_worker = hasattr(config, "workerinput")
    if not is_worker and not config.option.collectonly:
        config.pluginmanager.register(Executed(), "executed")


class Executed:
    """Counts, where all reports arrive, what was collected and what came to its end."""

    def __init__(self):
        self.collected, self.ended = Counter(), Counter()

    def pytest_collection_finish(self, session):
        self.collected = Counter(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids):
        self.collected = Counter(ids)  # of each worker; xdist refuses those that differ

    def pytest_runtest_logreport(self, report):
        if report.when == "teardown":  # skipped tests have one, too
            self.ended[report.nodeid] += 1

    def faults(self) -> list[str]:
        twice = [f"{name}: {n} tests have this id" for name, n in self.collected.items() if n > 1]
        lost = [f"{name}: not executed" for name in self.collected - self.ended]
        return twice + lost

    def pytest_sessionfinish(self, session, exitstatus):
        """Runs that failed or were stopped have said so already."""
        if exitstatus == pytest.ExitCode.OK and self.faults():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter, exitstatus):
        if exitstatus == pytest.ExitCode.OK and self.faults():
            terminalreporter.section("collected, but not executed once each", red=True)
            for fault in self.faults():
                terminalreporter.line(fault)
