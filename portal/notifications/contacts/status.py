"""How a contact method is shown."""

from portal.core.web.status import Status
from portal.notifications.models import ContactMethod

NOT_VERIFIED = Status("warn", "clock", "Not verified")
FAILING = Status("bad", "fail", "Failing")
VERIFIED = Status("ok", "ok", "Verified")
USED = Status("ok", "ok", "In use")


def status_of(method: ContactMethod) -> Status:
    if not method.is_verified:
        return NOT_VERIFIED
    return FAILING if method.is_failing else VERIFIED
