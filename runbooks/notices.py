"""What people are told by mail about runs.

Each message has a key, so that telling again tells nobody twice. It is queued in the transaction of
the verb that calls, and sent by the engine.
"""

from portal.core.web.address import absolute
from portal.notifications.models import Delivery

OURS = "runbooks-"  # what the key of each message begins with


def handed_over(run, entry, *, to, note: str) -> None:
    """Tell who leads the run now; whoever took the lead themselves knows it."""
    if entry.by_id == to.pk:
        return
    what = ", ".join(filter(None, (str(run.runbook), run.environment, run.release)))
    text = f"{entry.by_name or 'Somebody'} handed over run {run.pk} to you: {what}.\n\n"
    text += f"{note}\n\n" if note else ""
    text += f"Continue: {absolute(run.get_absolute_url())}\n"
    key, subject = f"{OURS}handed-over-{entry.pk}", f"Handed over to you: {what}"
    Delivery.objects.post(key=key, to=[to], subject=subject, text=text)
