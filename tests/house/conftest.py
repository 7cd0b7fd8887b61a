import pytest

from tests.runbooks.conftest import bearer, disk, publish  # noqa: F401


@pytest.fixture
def no_contexts(monkeypatch):
    """The test client copies the context of each template, which nobody looks at here."""
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_, **__: None)
