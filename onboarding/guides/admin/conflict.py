"""Two authors who change the facts of one guide: what each changed is told apart."""

from django.http import QueryDict

from onboarding.models import Guide

from .forms import FACTS, GuideForm

TICKS = ("asks_acknowledgement", "is_tour")


def touched(data: QueryDict, guide: Guide) -> set[str]:
    """The facts that are not any more what they were when this form was opened."""
    return {name for name, value in _now(guide).items() if value != _was(data, name)}


def on_top(data: QueryDict, guide: Guide) -> tuple[QueryDict, dict[str, str]]:
    """The form as if it had been opened now, with all that this person typed; and, of what both
    changed, what stands there now in words."""
    data, now = data.copy(), _now(guide)
    both = {}
    for name in touched(data, guide):
        if _typed(data, name) == _was(data, name):
            data.setlist(name, _as_sent(name, now[name]))
        elif _typed(data, name) != now[name]:
            both[name] = _in_words(guide, name)
        data.setlist(f"initial-{name}", now[name])
    data["based_on"] = str(guide.revision)
    return data, both


def _now(guide: Guide) -> dict[str, list[str]]:
    form = GuideForm(instance=guide)
    return {name: sorted(_as_list(form[name].initial)) for name in FACTS}


def _as_list(value) -> list[str]:
    if isinstance(value, list):
        return [str(getattr(each, "pk", each)) for each in value]
    return [] if value is None or value is False or value == "" else [str(value)]


def _was(data: QueryDict, name: str) -> list[str]:
    return sorted(v for v in data.getlist(f"initial-{name}") if v not in ("", "False"))


def _typed(data: QueryDict, name: str) -> list[str]:
    values = data.getlist(name)
    return ["True"] * bool(values) if name in TICKS else sorted(v for v in values if v)


def _as_sent(name: str, value: list[str]) -> list[str]:
    return ["on"] * bool(value) if name in TICKS else value


def _in_words(guide: Guide, name: str) -> str:
    value = getattr(guide, name)
    if name == "prerequisites":
        value = ", ".join(map(str, value.all()))
    elif name == "roles":
        value = ", ".join(value)
    elif name in TICKS:
        value = "yes" if value else "no"
    return str(value) if value not in (None, "") else "nothing"
