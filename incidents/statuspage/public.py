"""The public page as text: drawn from the database, written to a file, read when that is away."""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from portal.core.media import files
from portal.core.web.address import absolute

from .page import StatusPage

PAGE, FEED = "public.html", "feed.atom"
MARK = "<!-- saved copy -->"  # in the template
REMEMBERED = 10  # seconds
ENTRIES = 50
EPOCH = datetime.fromtimestamp(0, tz=UTC)

log = logging.getLogger(__name__)


class Feed(Atom1Feed):
    """As the one of Django, but the same at any time while nobody was told anything."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else EPOCH


def folder() -> Path:
    return Path(settings.DATA_DIR) / "status"


def drawn(at: datetime) -> dict[str, str]:
    """The page and the feed as they are now, by the names of their files."""
    page = StatusPage(at, public=True)
    with timezone.override(None):
        context = {"page": page, "site_name": settings.SITE_NAME, "theme": ""}
        return {PAGE: render_to_string("incidents/status_public.html", context), FEED: _feed(page)}


def _feed(page: StatusPage) -> str:
    address = absolute(reverse("status:public"))
    feed = Feed(
        title=f"{settings.SITE_NAME}: status",
        link=address,
        description="",
        feed_url=absolute(reverse("status:feed")),
    )
    for each in page.messages[:ENTRIES]:
        link = f"{address}#message-{each.pk}"
        times: dict[str, Any] = {"pubdate": each.sent_at, "updateddate": each.sent_at}
        feed.add_item(each.subject, link, each.public_text, unique_id=link, **times)
    return feed.writeString("utf-8")


def remembered(name: str, at: datetime) -> str:
    """As it was some seconds ago at most: everybody asks for it when something is down."""
    found = caches["process"].get(f"status-{name}")
    if found is None:
        both = drawn(at)
        for key, text in both.items():
            caches["process"].set(f"status-{key}", text, REMEMBERED)
        found = both[name]
    return found


def write(at: datetime) -> bool:
    """Write both files; the engine does it all the time. Whether something differed."""
    changed = [_written(name, text, at) for name, text in drawn(at).items()]
    return any(changed)


def _written(name: str, text: str, at: datetime) -> bool:
    path = folder() / name
    content = text.encode()
    if path.is_file() and path.read_bytes() == content:
        path.touch()  # it is as true now as when it was written
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, content)
    return True


def saved(name: str) -> str | None:
    """The copy that was written last, which says so; None if there is none."""
    path = folder() / name
    try:
        text, at = path.read_text(), path.stat().st_mtime
    except OSError:
        return None
    zone = timezone.get_default_timezone()
    said = render_to_string(
        "incidents/_saved_copy.html", {"at": datetime.fromtimestamp(at, tz=zone)}
    )
    return text.replace(MARK, said, 1)
