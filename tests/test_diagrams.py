"""Diagrams in a real browser, under the policy that the portal sends."""

import html
import threading
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from csp.utils import build_policy
from playwright.sync_api import sync_playwright

from tests.browser.visiting import until

STATIC = Path(__file__).resolve().parent.parent / "static"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FLOW = """flowchart LR
  accTitle: The way of an alert
  A[Alert] -->|known| B[Runbook]
  style A fill:#eee"""
KINDS = {
    "flow": FLOW,
    "sequence": "sequenceDiagram\n Nina->>Paul: Look?\n Note over Paul: thinks",
    "state": "stateDiagram-v2\n [*] --> Draft\n Draft --> Published: publish",
    "entities": "erDiagram\n RUNBOOK ||--o{ VERSION : has",
    "classes": "classDiagram\n Runbook <|-- Guide\n Runbook : +title text",
    "plan": "gantt\n dateFormat YYYY-MM-DD\n section Move\n Copy :a1, 2026-01-01, 3d",
    "pie": 'pie\n "yes": 3\n "no": 4',
}
HOSTILE = {
    "handler": """flowchart TD
  A["<img src=x onerror=alert(1)>"] --> B["<script>alert(2)</script>"]""",
    "address": """flowchart TD
  A --> B
  click A "javascript:alert(3)"
  click B href "javascript:alert(4)" """,
    "settings": """%%{init: {"securityLevel": "loose", "htmlLabels": true,
  "themeCSS": "@import url(https://evil.example/); body {display:none}",
  "flowchart": {"htmlLabels": true}, "fontFamily": "x;} body {display:none}"}}%%
flowchart TD
  A["<iframe src=javascript:alert(5)>"] --> B""",
    "markup": """sequenceDiagram
  A->>B: <svg onload=alert(6)></svg><a href="https://evil.example/">x</a>""",
}
PAGE = """<!doctype html>
<html lang="en">
<head>
<title>Diagrams</title>
<meta name="mermaid" content="vendor/mermaid.min.js">
<link rel="stylesheet" href="tokens.css">
<script type="module" src="js/diagrams.js"></script>
</head>
<body class="doc">{figures}</body>
</html>"""
FIGURE = (
    """<figure class="diagram" data-mermaid id="{name}"><pre><code>{text}</code></pre></figure>"""
)
SETTLED = "count => document.querySelectorAll('figure > :is(img, figcaption)').length === count"
WATCH = """window.refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
  refused.push(`${event.violatedDirective} ${event.blockedURI}`));"""


def page_of(sources: dict[str, str]) -> bytes:
    figures = (FIGURE.format(name=name, text=html.escape(text)) for name, text in sources.items())
    return PAGE.format(figures="".join(figures)).encode()


class Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments, body: bytes, policy: str, **options):
        self.body, self.policy = body, policy
        super().__init__(*arguments, **options)

    def end_headers(self):
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def do_GET(self):
        if self.path == "/":
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(self.body)
        else:
            super().do_GET()

    def log_message(self, *arguments):
        """Say nothing."""


@contextmanager
def served(sources: dict[str, str]):
    """The address of a page with these diagrams, under the portal's policy."""
    page = partial(Handler, directory=STATIC, body=page_of(sources), policy=build_policy())
    server = ThreadingHTTPServer(("127.0.0.1", 0), page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser(chromium):
    """One for all of these; it ends with them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def drawn(browser):
    """Wait until the sources are drawn; gives the page, and what it said or asked of others."""
    with ExitStack() as stack:

        def drawn(sources):
            address = stack.enter_context(served(sources))
            page, wrong = browser.new_page(), []
            stack.callback(page.context.close)
            page.add_init_script(WATCH)
            page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
            page.on("request", lambda request: wrong.append(request.url))
            page.goto(address)
            until(page, SETTLED, len(sources))
            return page, [word for word in wrong if not word.startswith((address, "data:"))]

        yield drawn


@pytest.mark.browser
def test_each_kind_of_diagram_becomes_a_picture(drawn):
    page, wrong = drawn(KINDS)

    widths = page.eval_on_selector_all("figure > img", "images => images.map(i => i.naturalWidth)")
    assert len(widths) == len(KINDS)
    assert min(widths) > 20
    assert page.evaluate("refused") == []
    assert wrong == []
    assert page.get_attribute("#flow > img", "alt") == "The way of an alert"
    assert page.text_content("#flow > details code") == FLOW


@pytest.mark.browser
def test_a_hostile_diagram_runs_and_fetches_nothing(drawn):
    page, wrong = drawn(HOSTILE)

    assert wrong == []
    assert page.is_visible("body")
    assert page.locator("svg, script:not([src]), iframe, foreignObject").count() == 0
    assert all("script-src-attr" in refusal for refusal in page.evaluate("refused"))


@pytest.mark.browser
def test_what_cannot_be_drawn_stays_readable(drawn):
    page, _ = drawn({"broken": "flowchart TD\n A -->", "long": "flowchart TD\n" + "A-->B\n" * 4000})

    assert "Parse error on line" in page.text_content("#broken > figcaption")
    assert page.is_visible("#broken > pre")
    assert "too long" in page.text_content("#long > figcaption")
