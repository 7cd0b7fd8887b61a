"""Pictures of the catalog: chosen by `views`, written as Mermaid text or as SVG."""

from .selection import VIEWS, Options, draw
from .shapes import Arrow, Drawing, Group, Node

__all__ = ["VIEWS", "Arrow", "Drawing", "Group", "Node", "Options", "draw"]
