"""Who is on call for the online shop, whom incidents call, and a week of them."""

from portal.core.ops.demo import World

from .incidents import make_incidents
from .policies import make_policies
from .rotations import make_rotations
from .status_page import make_status_page

DOING = "on-call, escalation policies, and incidents"


def load(world: World) -> None:
    """The shop once: what visitors changed stays."""
    if not world.is_new:
        return
    make_rotations(world)
    make_policies(world)
    make_status_page(world)
    make_incidents(world)
