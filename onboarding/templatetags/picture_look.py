"""`{% load picture_look %}`: callouts as shapes on a picture, in its pixels."""

from django import template

from onboarding.retaking.comparing import in_percent

register = template.Library()


@register.filter
def marks(shot: dict) -> list[dict]:
    """The callouts of a frozen picture: number, kind, corner, size and centre."""
    found = []
    for number, callout in enumerate(shot["callouts"], 1):
        box = callout["box"]
        x, w = (_pixels(box[side], shot["width"]) for side in ("x", "w"))
        y, h = (_pixels(box[side], shot["height"]) for side in ("y", "h"))
        centre = {"cx": round(x + w / 2), "cy": round(y + h / 2), "rx": w // 2, "ry": h // 2}
        shape = {"number": number, "kind": callout["kind"], "x": x, "y": y, "w": w, "h": h}
        found.append(shape | centre)
    return found


def _pixels(percent: float, whole: int) -> int:
    return round(percent * whole / 100)


@register.filter
def percent(part: float | None) -> str:
    """A part of one in percent: “0.02 %”."""
    return "" if part is None else in_percent(part)
