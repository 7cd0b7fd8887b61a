"""What the engine does for this app: each call is one unit and says whether there was one."""

from portal.core.ops import engine

from .oncall import handovers

engine.register("telling of shifts", handovers.tell_shifts)
engine.register("swaps that nobody answered", engine.Hourly(handovers.expire_swaps))
