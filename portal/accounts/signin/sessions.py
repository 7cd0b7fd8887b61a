"""The sessions of Django's database, read with a query that is put together once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.core.data.queries import Prepared, columns_of, row_of


def _rows(*, key: str):
    return Session.objects.filter(session_key=key).values_list(*columns_of(Session))


_by_key = Prepared(_rows)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        """The stored session; without one, or after its end, the key is given up."""
        found = _by_key(key=self.session_key or "")
        session: Session | None = row_of(Session, found[0]) if found else None
        if session is None or session.expire_date <= timezone.now():
            self._session_key = None
            return None
        return session
