"""What the engine does for this app: each call is one unit and says whether there was one."""

from portal.core.ops import engine

from .clocks import reminders
from .escalation import engine as escalation
from .escalation import outcomes, repeats
from .oncall import handovers
from .opening import endings
from .opening.alerts import Opening

CALLERS = 4  # at once, so that many incidents that open together call within a moment

engine.register("telling of shifts", handovers.tell_shifts)
engine.register("swaps that nobody answered", engine.Hourly(handovers.expire_swaps))

engine.register("escalation", escalation.take_due, workers=CALLERS)
engine.register("calls that arrived", outcomes.note_arrived)
engine.register("calls that failed", outcomes.note_failed)
engine.register("idle incidents", repeats.call_idle)
engine.register("incidents that nobody answered", repeats.call_unanswered)
engine.register("escalations far ahead", repeats.bring_back)

engine.register("clocks due soon", reminders.remind)
engine.register("late clocks", reminders.miss)

engine.register("incidents of alerts", Opening())
engine.register("alerts of incidents", endings.follow)
