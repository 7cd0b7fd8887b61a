"""The record of an incident as a tagged PDF."""

import hashlib
from functools import partial

from django.conf import settings
from django.template.loader import render_to_string

from incidents.models import Incident
from portal.core.media.printing import Printer

from .markdown import facts
from .record import lines

STYLE = settings.BASE_DIR / "static" / "incident-print.css"
PRINTED = Printer("incidents-pdf", STYLE)


def printed(incident: Incident, user) -> bytes:
    """Raises NotPrinted and Busy."""
    page = page_of(incident, user)
    return PRINTED.pdf(partial(_digest, page), lambda: page)


def page_of(incident: Incident, user) -> str:
    """All that this person may read of it, as one page that stands alone."""
    context = {"incident": incident, "facts": facts(incident), "lines": lines(incident, user)}
    return render_to_string("incidents/pdf.html", context)


def _digest(page: str) -> str:
    return hashlib.sha256(page.encode() + STYLE.read_bytes()).hexdigest()
