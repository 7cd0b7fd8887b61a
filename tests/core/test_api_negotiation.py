import pytest
from rest_framework.exceptions import NotAcceptable

from portal.core.api.negotiation import preferred

TEXTS = ("application/json", "text/markdown", "text/html")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/markdown", "text/markdown"),
        ("TEXT/Markdown", "text/markdown"),
        ("text/*", "text/markdown"),
        ("text/*, text/markdown;q=0", "text/html"),
        ("text/html;q=0.1, application/json", "application/json"),
        ("application/json;q=0.5, text/markdown;q=0.6", "text/markdown"),
        ("text/markdown; charset=utf-8", "text/markdown"),
        ("image/png, */*;q=0.1", "application/json"),
        (BROWSER, "text/html"),
    ],
)
def test_the_client_gets_what_it_likes_best(accept, chosen):
    assert preferred(accept, TEXTS) == chosen


def test_a_browser_gets_json_where_there_is_nothing_else():
    assert preferred(BROWSER, TEXTS[:1]) == "application/json"


@pytest.mark.parametrize(
    "accept",
    [
        "image/png",
        "application/json;q=0",
        "*/*;q=0",
        "application/json;q=nan",
        "application/json;q=2",
        "nonsense",
        ";;;,,,=",
        "," * 100_000,
        "a/b," * 10_000 + "application/json",
    ],
)
def test_what_cannot_be_given_is_said(accept):
    with pytest.raises(NotAcceptable, match="application/json, text/markdown"):
        preferred(accept, TEXTS)
