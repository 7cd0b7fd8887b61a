"""What the engine does for this app: each call is one unit and says whether there was one."""

from portal.core.ops import engine

from .opening import endings
from .opening.alerts import Opening

engine.register("incidents of alerts", Opening())
engine.register("alerts of incidents", endings.follow)
