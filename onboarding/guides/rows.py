"""One's own guides as rows of a card."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.dateformat import format as formatted

from portal.core.web.attention import Act, Row

from .listing import Mine


def guide_rows(found: Iterable[Mine], user) -> list[Row]:
    """What this person has to follow or began, and the button that starts or continues it."""
    may_follow = user.has_perm("onboarding.add_progress")
    return [_row(each, may_follow) for each in found]


def _row(each: Mine, may_follow: bool) -> Row:
    guide, due = each.guide, each.due_status
    label, about = ("Continue", f" with {guide}") if each.progress else ("Start", f" {guide}")
    start = reverse("onboarding:start", args=[guide.slug])
    act = Act(label, start, about, is_post=True) if may_follow else None
    return Row(guide.get_absolute_url(), str(guide), _line(each), act, (due,) if due else ())


def _line(each: Mine) -> str:
    due = f", due by {formatted(each.due, 'j M')}" if each.due else ""
    if each.progress:
        return f"{each.done} of {each.count} steps done{due}"
    minutes = each.guide.minutes
    return f"not started, about {minutes} minute{'' if minutes == 1 else 's'}{due}"
