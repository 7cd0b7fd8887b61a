"""What a verb refuses: raised by models, shown alike by web, admin and API (RFC 9457)."""

from typing import Any, ClassVar


class DomainError(Exception):
    """A refusal with a status, a stable code and a sentence that says what to do.

    `extra` holds further members for the problem document, such as `pointer` or `difference`.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "Refused"
    wait: ClassVar[int] = 0  # seconds until it may be tried again, where that helps

    def __init__(self, detail: str, **extra: Any):
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class Refused(DomainError):
    """What was sent cannot be accepted; `pointer` names the member (RFC 6901)."""


class Forbidden(DomainError):
    """The person may not do this."""

    status, code, title = 403, "forbidden", "Not allowed"


class Missing(DomainError):
    """There is no such thing, or you may not see it."""

    status, code, title = 404, "not-found", "Not Found"


class Conflict(DomainError):
    """It does not fit the present state."""

    status, code, title = 409, "conflict", "Conflict"


class Overtaken(Conflict):
    """Another engine took it over while this one stood still: what this one says is void."""

    code, title = "overtaken", "Taken over by another engine"


class Stale(DomainError):
    """Based on an older state; `current` is the ETag now, `difference` shows what changed.

    Of a refused write it carries the three texts: what it was based on (`base`, None where that
    is not kept), what stands there now (`theirs`) and what was to be written (`yours`).
    """

    status, code, title = 412, "stale", "Changed meanwhile"
    base: Any = None
    theirs: Any = None
    yours: Any = None

    @classmethod
    def of(cls, row: Any, *, base: Any, theirs: Any, yours: Any) -> "Stale":
        """The refusal of a write to the row, which is as it stands now."""
        refusal = cls(
            f"“{row}” was changed meanwhile. Look at it as it is now, and apply your change again.",
            current=row.etag,
            difference=row.get_absolute_url(),
        )
        refusal.base, refusal.theirs, refusal.yours = base, theirs, yours
        return refusal


class TooLarge(DomainError):
    """Larger than what is accepted."""

    status, code, title = 413, "too-large", "Too large"


class Unavailable(DomainError):
    """The database does not answer. Nothing was done; try again after Retry-After."""

    status, code, title = 503, "unavailable", "Not available for a moment"
    wait = 5

    def __init__(self):
        super().__init__("The database does not answer. Try again in a few seconds.")


class Busy(DomainError):
    """As much of this as the portal does at once is being done. Try again after Retry-After."""

    status, code, title = 503, "busy", "Busy for a moment"
    wait = 10

    def __init__(self):
        super().__init__("Others have asked for the same. Try again in a few seconds.")


class StorageFull(DomainError):
    """A disk of the portal has no room left. Nothing was kept; tell the operators."""

    status, code, title = 507, "storage-full", "No room left"

    def __init__(self):
        super().__init__(
            "The disk of the portal is full, and nothing was kept. Tell the operators, and try "
            "again when they have made room."
        )


class PreconditionRequired(DomainError):
    """A write must say what it is based on (`If-Match`)."""

    status, code, title = 428, "precondition-required", "If-Match is missing"
