"""Why a text was not rendered. Every message says what its author can do."""


class MarkdownError(ValueError):
    """A text that is not rendered."""


class MarkdownTooLarge(MarkdownError):
    """The text, or the HTML that it would become, is above its limit."""


class MarkdownTooSlow(MarkdownError):
    """The text would need more than the processor time that one rendering may take."""
