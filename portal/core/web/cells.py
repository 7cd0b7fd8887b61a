"""What stands in the cells of the lists of the admin."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.core.templatetags.look import badge

from .status import Status


def shown(status: Status | None, second: str = "") -> SafeString | str | None:
    """A status as the site shows it, with a second line below; None leaves the cell empty."""
    if status is None:
        return None
    word = badge(status)
    return format_html('{}<span class="sub">{}</span>', word, second) if second else word
