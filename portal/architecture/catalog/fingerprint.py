"""Whether the catalog is what it was: the digest of all that its pictures show."""

import hashlib

from django.db.models import F, Model, TextField, Value
from django.db.models.functions import Cast, Coalesce

from portal.architecture.models import Dependency, Integration, Service
from portal.core.data.queries import JoinedText, Prepared
from portal.core.data.unwritten import WhileUnwritten

GROUPS = ("owner__slug", "owner__name", "zone__slug", "zone__name")
ENDS = ("source_id", "target_id", "integration_id")
WHAT = ("hard", "protocol", "port", "data", "classification")
SHOWN: dict[type[Model], tuple[str, ...]] = {
    Service: ("pk", "slug", "name", "kind", "tier", "part_of_id", *GROUPS),
    Integration: ("pk", "slug", "name", "provider", "direction"),
    Dependency: ("pk", *ENDS, *WHAT),
}
PLAIN = {"slug", "name", "kind", "provider", "protocol", "data", "classification", *GROUPS}
MISSING = {"part_of_id", "port", *GROUPS, *ENDS}  # may be null, which joins nothing
MOST = max(map(len, SHOWN.values()))
NOTHING = Value("", output_field=TextField())


@WhileUnwritten
def fingerprint() -> str:
    """Another one after each change that a picture could show; one query, which reads no rows."""
    return hashlib.blake2b(repr(sorted(_texts())).encode(), digest_size=16).hexdigest()


@Prepared
def _texts():
    """Of each column all values, with what `refuse_signs` keeps out of them in between."""
    first, *others = (_columns(model, names) for model, names in SHOWN.items())
    return first.union(*others, all=True)


def _columns(model: type[Model], names: tuple[str, ...]):
    """One row: the name of the model, and the texts of as many columns as any of them has."""
    texts = [Coalesce(JoinedText(_text(name)), NOTHING) for name in names]
    padded = texts + [NOTHING] * (MOST - len(texts))
    named = {f"text_{number}": text for number, text in enumerate(padded)}
    whole = Value(model.__name__, output_field=TextField())
    rows = model._default_manager.order_by().annotate(model_name=whole).values("model_name")
    return rows.annotate(**named).values_list("model_name", *named)


def _text(name: str):
    text = F(name) if name in PLAIN else Cast(F(name), TextField())
    return Coalesce(text, NOTHING, output_field=TextField()) if name in MISSING else text
