"""What one rendering may use."""

from collections.abc import Callable
from time import perf_counter, thread_time

from portal.core.markdown.errors import MarkdownTooLarge, MarkdownTooSlow

SECONDS = 1.0
HTML_LIMIT = 2_000_000
DEEPEST_HTML = 200


class Budget:
    """Processor time of this thread, so that a busy machine refuses nothing, and bytes of HTML.

    The parser's rules and the renderer ask it before every token; no single step between two
    questions takes long, hence no thread, signal or process is needed to stop a hostile text.

    A thread uses no more than what passes on the clock, which is far cheaper to ask: the
    processor is asked only when as much has passed as was left.
    """

    def __init__(self, seconds: float = SECONDS, size: int = HTML_LIMIT) -> None:
        self.seconds, self.size = seconds, size
        self.deadline = thread_time() + seconds
        self.left = size
        self.ask_at = perf_counter() + seconds

    def check_time(self) -> None:
        """Raise MarkdownTooSlow once the time is used up."""
        clock = perf_counter()
        if clock < self.ask_at:
            return
        left = self.deadline - thread_time()
        self.ask_at = clock + left
        if left < 0:
            raise MarkdownTooSlow(
                "This text takes too long to render. Look for thousands of links, brackets, quotes "
                "or asterisks, or split the text into several pages."
            )

    def watching(self, resolve: Callable[[str], str | None]) -> Callable[[str], str | None]:
        """The same function, asked for as long as there is time: it may look into a database."""

        def asked(target: str) -> str | None:
            self.check_time()
            return resolve(target)

        return asked

    def is_half_used(self) -> bool:
        """Whether what can be left out should be left out."""
        return thread_time() > self.deadline - self.seconds / 2

    def start_page(self) -> None:
        """Allow the full size again, for another piece of HTML."""
        self.left = self.size

    def spend(self, html: str) -> str:
        """Return the piece of HTML, or raise MarkdownTooLarge when it no longer fits."""
        self.left -= len(html)
        if self.left < 0:
            raise MarkdownTooLarge(
                f"The page would become larger than {HTML_LIMIT // 1_000_000} MB of HTML. "
                "Repeat long links and wide tables less often, or split the text."
            )
        return html

    def check_depth(self, depth: int) -> None:
        """Raise MarkdownTooLarge for HTML nested deeper than a browser should be asked to draw."""
        if depth > DEEPEST_HTML:
            raise MarkdownTooLarge(
                f"The text is nested more than {DEEPEST_HTML} levels deep. Remove some of the "
                "asterisks, quotes or list levels."
            )
