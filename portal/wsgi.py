"""What gunicorn runs: the portal, behind a limit on what anybody may send."""

import os

from django.core.wsgi import get_wsgi_application

LARGEST_BODY = 12 * 1024 * 1024  # a picture of 10 MB, and the fields that come with it
TOO_LARGE = b"This is larger than 12 MB. Send less at a time.\n"


def bounded(portal):
    """Refuse a larger body (413) unread: Django stores files before it asks who sends them."""

    def application(environ, start_response):
        if int(environ.get("CONTENT_LENGTH") or 0) <= LARGEST_BODY:
            return portal(environ, start_response)
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(TOO_LARGE)))]
        start_response("413 Content Too Large", headers)
        return [TOO_LARGE]

    return application


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = bounded(get_wsgi_application())
