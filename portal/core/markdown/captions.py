"""Images that stand alone become figures; their title is the caption."""

from markdown_it.token import Token

AROUND_IMAGE = {"link_open", "link_close", "softbreak", "attributes"}


def make_figures(tokens: list[Token]) -> None:
    """Turn each paragraph that holds one image, linked or not, into a figure."""
    for position, token in enumerate(tokens):
        if token.type == "paragraph_open" and not token.hidden:
            image = _only_image(tokens[position + 1].children or [])
            if image is not None:
                token.tag = tokens[position + 2].tag = "figure"
                image.meta["caption"] = image.attrs.get("title", "")


def _only_image(children: list[Token]) -> Token | None:
    images = [child for child in children if child.type == "image"]
    others = {child.type for child in children} - {"image"}
    is_blank = all(not child.content.strip() for child in children if child.type == "text")
    return (
        images[0] if len(images) == 1 and is_blank and others <= AROUND_IMAGE | {"text"} else None
    )
