"""The chain of middleware is made once, as a server does it, and not by each client of the tests.

Making it took a hundredth of the suite. After a changed setting it is made anew.
"""

import pytest
from django.core.signals import setting_changed
from django.test.client import ClientHandler

PARTS = (
    "_view_middleware",
    "_template_response_middleware",
    "_exception_middleware",
    "_middleware_chain",
)
load = ClientHandler.load_middleware


class Chain:
    """That of the first client, until a setting changes."""

    def __init__(self):
        self.parts: dict[str, object] = {}

    def forget(self, **_) -> None:
        self.parts = {}

    def lend(self, handler: ClientHandler) -> None:
        if not self.parts:
            load(handler)
            self.parts = {name: getattr(handler, name) for name in PARTS}
        vars(handler).update(self.parts)


@pytest.fixture(autouse=True, scope="session")
def one_chain():
    chain = Chain()
    setting_changed.connect(chain.forget)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", lambda handler: chain.lend(handler))
        yield
    setting_changed.disconnect(chain.forget)
