"""`fields=` and `omit=`: what is not asked for is not read."""

from rest_framework.exceptions import ValidationError

from portal.core.data.nearest import nearest


def chosen(
    params, known: tuple[str, ...], *, default: tuple[str, ...] | None = None
) -> tuple[str, ...]:
    """The fields to answer with, in their usual order. An unknown name is an error (400)."""
    asked = _names(params, known, "fields") or set(default or known)
    omitted = _names(params, known, "omit")
    return tuple(name for name in known if name in asked - omitted)


def refuse_choice(params, form: str) -> None:
    """Raise ValidationError (400) for a choice of members of what has none, such as Markdown."""
    wrong = [name for name in ("fields", "omit") if name in params] if form != "json" else []
    if wrong:
        said = "Only JSON has members to choose from: leave it out, or accept application/json."
        raise ValidationError(dict.fromkeys(wrong, said))


def _names(params, known: tuple[str, ...], parameter: str) -> set[str]:
    parts = ",".join(params.getlist(parameter)).split(",")
    names = {name.strip() for name in parts if name.strip()}
    unknown = names - set(known)
    if unknown:
        listed = ", ".join(sorted(unknown)[:5])
        hint = nearest(min(unknown), known)
        raise ValidationError({parameter: f"Unknown: {listed}.{hint} Known: {', '.join(known)}."})
    return names
