"""What the engine does for this app: each call is one unit and says whether there was one."""

from portal.core.ops import engine

from .clocks import reminders

engine.register("clocks due soon", reminders.remind)
engine.register("late clocks", reminders.miss)
