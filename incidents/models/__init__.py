"""All models of this app: one label, one migration history."""

from .feeds import Feed
from .layers import Layer, LayerMember, Restriction
from .overrides import Override
from .rotations import Rotation
from .swaps import Swap, SwapState

__all__ = [
    "Feed",
    "Layer",
    "LayerMember",
    "Override",
    "Restriction",
    "Rotation",
    "Swap",
    "SwapState",
]
