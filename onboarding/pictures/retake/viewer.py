"""As whom the camera looks: a person of a role, signed in for a few minutes and never longer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from portal.accounts.models import User

from .camera import NotTaken

MINUTES = 30


class Eyes:
    """Signs in by role. In this portal by a session of its own, elsewhere by kept states."""

    def __init__(self, address: str, *, people: dict[str, str] | None = None, states=None):
        self.address, self.people, self.states = address, people or {}, states
        self.sessions: dict[str, object] = {}

    def of(self, role: str) -> dict:
        """What `Camera.take` needs to look as this role. Raises NotTaken."""
        if not role:
            return {}
        if self.states:
            return {"storage_state": _state(self.states, role)}
        if role not in self.sessions:
            self.sessions[role] = _session(self._person(role))
        name = settings.SESSION_COOKIE_NAME
        key = self.sessions[role].session_key  # type: ignore[attr-defined]
        return {"cookies": [{"name": name, "value": key, "url": self.address}]}

    def _person(self, role: str) -> User:
        people = User.objects.filter(is_active=True, groups__name=role).order_by("pk")
        name = self.people.get(role)
        person = people.filter(username=name).first() if name else people.first()
        if person is None:
            who = f"The person {name} is not active or has not" if name else "Nobody has"
            raise NotTaken(f"{who} the role {role}, as which its page is looked at")
        return person

    def close(self) -> None:
        """Sign everybody out."""
        for session in self.sessions.values():
            session.flush()  # type: ignore[attr-defined]
        self.sessions.clear()


@contextmanager
def looking(address: str, **options) -> Iterator[Eyes]:
    eyes = Eyes(address, **options)
    try:
        yield eyes
    finally:
        eyes.close()


def _session(person: User):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.set_expiry(MINUTES * 60)
    session.create()
    return session


def _state(folder: Path, role: str) -> dict:
    path = Path(folder, f"{role}.json")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotTaken(f"There is no state of a browser in {path}") from error
