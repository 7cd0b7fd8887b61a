"""The browser that takes pictures, driven by Playwright."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from portal.core.media.chromium import SWITCHES, chromium

NOWHERE = "http://127.0.0.1:9"  # a proxy that nobody is: where all other hosts lead


class NoBrowser(Exception):
    """There is nothing to take pictures with; the message says how to get it."""


class Browser:
    """A running Chromium. `with Browser() as browser: browser.do(function, …)`. Raises NoBrowser.

    Playwright drives it in a thread of its own, for its event loop would keep Django from its
    database. What touches a page is done there.
    """

    def __init__(self):
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="chromium")
        self.playwright: Any = None
        self.chromium: Any = None

    def __enter__(self):
        api, program = _playwright(), chromium()
        if program is None:
            raise NoBrowser("There is no Chromium: install it, or name it in PORTAL_CHROMIUM.")
        try:
            self.do(self._start, api, program)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error):
        self.do(self._stop)
        self.thread.shutdown()

    def do(self, function: Callable, *arguments):
        """What the function returns or raises in the thread of the browser."""
        return self.thread.submit(function, *arguments).result()

    def new_context(self, host: str, **options):
        """A context of Playwright, for its thread, that reaches this host (name:port) alone."""
        proxy = {"server": NOWHERE, "bypass": f"<-loopback>,{host}"}
        return self.chromium.new_context(proxy=proxy, **options)

    def _start(self, api, program: str) -> None:
        self.playwright = api.sync_playwright().start()
        self.chromium = self.playwright.chromium.launch(
            executable_path=program, args=SWITCHES, proxy={"server": NOWHERE}
        )

    def _stop(self) -> None:
        if self.chromium:
            self.chromium.close()
        if self.playwright:
            self.playwright.stop()


def _playwright():
    try:
        from playwright import sync_api  # an optional library
    except ImportError as error:
        raise NoBrowser(
            "Pictures are taken with Playwright, which is not installed: "
            "pip install playwright (the browser itself is PORTAL_CHROMIUM)."
        ) from error
    return sync_api
