"""Pictures of the catalog: chosen by `views`, written as Mermaid text or as SVG."""

from .shapes import Arrow, Drawing, Group, Node
from .views import VIEWS, Options, draw

__all__ = ["VIEWS", "Arrow", "Drawing", "Group", "Node", "Options", "draw"]
