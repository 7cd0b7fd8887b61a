"""`fields=` and `omit=`: what is not asked for is not read."""

from rest_framework.exceptions import ValidationError


def chosen(
    params, known: tuple[str, ...], *, default: tuple[str, ...] | None = None
) -> tuple[str, ...]:
    """The fields to answer with, in their usual order. Unknown names are an error that lists all."""
    asked = _names(params.get("fields"), known, "fields") or set(default or known)
    omitted = _names(params.get("omit"), known, "omit")
    return tuple(name for name in known if name in asked - omitted)


def _names(text: str | None, known: tuple[str, ...], parameter: str) -> set[str]:
    names = {name.strip() for name in (text or "").split(",") if name.strip()}
    unknown = names - set(known)
    if unknown:
        listed = ", ".join(sorted(unknown)[:5])
        raise ValidationError({parameter: f"Unknown: {listed}. Known: {', '.join(known)}."})
    return names
