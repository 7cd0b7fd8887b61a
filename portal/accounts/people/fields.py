"""A person, asked for by the name that colleagues know."""

from collections.abc import Callable

from django.db.models import QuerySet

from portal.accounts.models import User
from portal.core.data.columns import longest
from portal.core.web.pickers import RowField

LONGEST = longest(User, "name") + longest(User, "username") + len(" ()")


class PersonField(RowField):
    """Takes the name of one of `people()`, or a user name, and gives the person."""

    nobody, several = "Nobody", "people"

    def __init__(self, people: Callable[[], QuerySet], **kwargs):
        super().__init__(people, noun="person", key="username", max_length=LONGEST, **kwargs)
