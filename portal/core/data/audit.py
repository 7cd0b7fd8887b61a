"""The trail of what people and programs did: who, what, when, from where; only ever added to."""

from auditlog.models import LogEntry


def record(instance, verb: str, *, by=None, **changes: tuple) -> None:
    """Note a verb on a row. `changes`: name -> (before, after); never the text itself.

    Where from and, if `by` is None, who are filled in from the request.
    """
    LogEntry.objects.log_create(
        instance,
        action=LogEntry.Action.CREATE if verb in ("start", "draft") else LogEntry.Action.UPDATE,
        actor=by,
        actor_email=getattr(by, "email", None),
        changes={name: [str(old), str(new)] for name, (old, new) in changes.items()},
        additional_data={"verb": verb},
    )
