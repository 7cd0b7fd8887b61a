"""Pages as a browser reads them: a line break in a template is a space."""

import re

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client

from portal.accounts.signin.sessions import SessionStore

# What is inside these keeps its lines.
KEPT = re.compile(
    r"(<(?P<tag>pre|textarea|script)\b.*?</(?P=tag)>"
    r"|<(?P<other>\w+)[^>]* class=\"[^\"]*\b(?:pre-line|said|quote)\b[^\"]*\".*?</(?P=other)>)",
    re.DOTALL,
)
BREAK = re.compile(r"[ \t]*\n\s*")


class Reader(Client):
    """A client in whose HTML pages each line break, with the white space around it, is a space."""

    def _login(self, user, backend=None):
        """As Django's, which writes one session more and each of them twice."""
        if settings.SESSION_COOKIE_NAME in self.cookies:
            super()._login(user, backend)
            return
        request = HttpRequest()
        request.session = SessionStore()
        request.session.cycle_key = lambda: None  # it has no key yet: `save` writes it once
        login(request, user, backend)
        request.session.save()
        self._set_login_cookies(request)

    def request(self, **request):
        answer = super().request(**request)
        if not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html"):
            answer.content = as_read(answer.content.decode()).encode()
        return answer


def as_read(html: str) -> str:
    found, end = [], 0
    for kept in KEPT.finditer(html):
        tag, angle, inside = kept[0].partition(">")
        found += [BREAK.sub(" ", html[end : kept.start()] + tag), angle, inside]
        end = kept.end()
    return "".join([*found, BREAK.sub(" ", html[end:])])
