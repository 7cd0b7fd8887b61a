"""What pytest-django sets up around each test is left out where the test gives it nothing to do.

Each of these looks for a mark or a fixture and finds none; for some thousand tests of a millisecond
that took as long as the tests. A test that bears the mark, or asks for the fixture, keeps it.
"""

import pytest
from django.conf import settings
from django.test import SimpleTestCase

BY_MARK = {
    "_django_db_marker": "django_db",
    "_django_set_urlconf": "urls",
    "_django_isolate_apps": "django_isolate_apps",
    "_template_string_if_invalid_marker": "ignore_template_errors",
}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    for item in items:
        names = getattr(item, "fixturenames", ())
        left_out = idle(item)
        if not left_out.isdisjoint(names):
            item.fixturenames = [name for name in names if name not in left_out]


def idle(item) -> set[str]:
    """The fixtures that would do nothing for this test."""
    found = {name for name, mark in BY_MARK.items() if item.get_closest_marker(mark) is None}
    if "live_server" not in getattr(item, "fixturenames", ()):
        found.add("_live_server_helper")
    if not issubclass(getattr(item, "cls", None) or object, SimpleTestCase):
        found.add("_django_setup_unittest")
    if "django.contrib.sites" not in settings.INSTALLED_APPS:
        found.add("_django_clear_site_cache")
    return found
