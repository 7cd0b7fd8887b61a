"""Examples of what programs send; a test executes them."""

from portal.core.api.parameters import sent

NEW = sent(
    "Checkout is down",
    title="Checkout answers with errors",
    severity="SEV2",
    services=["orders"],
    description="Four of ten requests fail since 08:00.",
)
TEXTS = sent("A better title", title="Checkout answers with error 502")
ESCALATE = sent("Call the next ones", reason="Nobody has answered for ten minutes.")
SEVERITY = sent("It is worse", severity="SEV1", reason="All customers are affected.")
ROLE = sent("Somebody else leads", role="commander", person="alice")
NOTE = sent("What was found", text="The pool of connections is full.", kind="finding")
STATE = sent("What is said of it", text="The last deployment is the cause.")
REOPEN = sent("It came back", reason="The errors are back since 09:10.")
OTHER = 4120
MERGE = sent("The same", into=OTHER)
RELATE = sent("The same cause", to=OTHER)
SERVICE = sent("It is down", service="orders", impact="down")
TASK = sent("Somebody has to", text="Tell support", owner="alice")
LINK = sent("The call", url="https://meet.example.org/inc", title="Call")
RESTRICT = sent("Of the security team only", is_restricted=True, reason="It may be an attack.")
