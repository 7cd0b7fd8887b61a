"""Who is on call for the online shop."""

from portal.core.ops.demo import World

from .policies import make_policies
from .rotations import make_rotations

DOING = "who is on call and who is called"


def load(world: World) -> None:
    """The shop once: what visitors changed stays."""
    if world.is_new:
        make_rotations(world)
        make_policies(world)
