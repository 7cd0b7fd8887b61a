"""Pictures that take themselves again: of this portal, and of a small site that changes."""

import threading
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import override_settings
from PIL import Image

from onboarding.models import Guide, Screenshot, Step
from onboarding.pictures.blurs import burnt
from onboarding.pictures.retake import camera
from onboarding.pictures.retake.camera import Camera, NotTaken
from onboarding.pictures.retake.chromium import Browser
from tests.onboarding.conftest import CALLOUT, first_day, picture_of  # noqa: F401

STYLE = "<style>body{font:16px sans-serif} #go{position:absolute;left:100px;top:%dpx}</style>"
PAGE = STYLE + "<title>Shop</title><h1>%s</h1><button id=go>Go</button><p>a <p>b"


class Site:
    """A site of which each test says the pages; `asked` are the paths that somebody asked for."""

    def __init__(self):
        self.pages: dict[str, tuple[int, str]] = {}
        self.asked: list[str] = []
        self.changed: list[str] = []  # the paths to which somebody sent something

    def show(self, path="/", *, top=100, words="Shop", status=200, more="", headers=None):
        self.pages[path] = (status, PAGE % (top, words) + more, headers or {})


@pytest.fixture
def site():
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            site.asked.append(self.path)
            status, text, headers = site.pages.get(self.path, (404, "none", {}))
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def do_POST(self):
            site.changed.append(self.path)
            site.pages[self.path] = site.pages["/"]
            self.do_GET()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    site.show()
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def program(chromium, settings):
    settings.CHROMIUM = chromium


@pytest.fixture(scope="module")
def started(chromium):
    with override_settings(CHROMIUM=chromium), Browser() as browser:
        yield browser


@pytest.fixture(autouse=True)
def one_browser(started, monkeypatch):
    """All cameras look through one that runs already, but where `own_browser` is asked for."""
    monkeypatch.setattr(camera, "Browser", lambda: nullcontext(started))


@pytest.fixture
def own_browser(one_browser, monkeypatch):
    monkeypatch.setattr(camera, "Browser", Browser)


@pytest.fixture
def look(first_day, alice):  # noqa: F811
    """The first step of “First day”, which knows its page."""
    step = Step.objects.get(title="Look around")
    page = {"address": "/", "role": "", "width": 400, "height": 300}
    step.edit(by=alice, page=page, callouts=[CALLOUT])
    return step


def retake(site, **options) -> str:
    out = StringIO()
    call_command("retake_screenshots", address=site.address, stdout=out, **options)
    return out.getvalue()


def flagged(site, **options) -> str:
    out = StringIO()
    with pytest.raises(CommandError, match="flagged"):
        call_command("retake_screenshots", address=site.address, stdout=out, **options)
    return out.getvalue()


def test_an_unchanged_picture_is_not_stored_again(site, look):
    retake(site)
    count = Screenshot.objects.count()

    assert retake(site).startswith("unchanged")
    assert Screenshot.objects.count() == count


def test_two_runs_give_the_same_picture(site, own_browser):
    site.show(more="<input autofocus><style>@keyframes x{to{margin:9px}}p{animation:x 1s infinite}")
    page = {"address": "/", "width": 400, "height": 300}

    with Camera(site.address) as looking:
        first = looking.take(page, []).content
    with Camera(site.address) as looking:
        assert looking.take(page, []).content == first


def test_a_time_that_goes_on_does_not_make_a_picture_old(site, look):
    site.show(more="<time>3 minutes ago</time>")
    retake(site)
    site.show(more="<time>9 minutes ago</time>")

    assert retake(site, check=True).startswith("unchanged")


def test_one_changed_word_makes_it_old(site, look):
    retake(site)
    site.show(words="Shoq")

    assert "older than the page" in flagged(site, check=True)


@pytest.mark.parametrize(
    ("selector", "why"),
    [
        ("#gone", "the selector #gone matches nothing"),
        ("p", "the selector p matches 2 things"),
        ("p[", "the selector p[ cannot be read"),
        ("title", "is not visible"),
    ],
)
def test_a_selector_that_matches_not_one_thing_flags_the_step(site, look, alice, selector, why):
    look.edit(by=alice, callouts=[{**CALLOUT, "selector": selector}])

    assert why in flagged(site)
    look.refresh_from_db()
    assert why in look.flag and look.callouts[0]["box"] == CALLOUT["box"]
    assert why in flagged(site, check=True)


@pytest.mark.parametrize("status", [404, 500])
def test_a_page_that_answers_an_error_flags_the_step_and_the_others_go_on(
    site, look, alice, status
):
    site.show("/broken", status=status)
    look.edit(by=alice, page={**look.page, "address": "/broken"})
    search = Step.objects.get(title="Search")
    search.edit(by=alice, page={"address": "/", "role": ""})

    said = flagged(site)

    assert f"Its page answers {status}: /broken" in said and "taken     first-day, step 2" in said
    look.refresh_from_db()
    search.refresh_from_db()
    assert str(status) in look.flag and search.screenshot.alt == "The page “Shop”"


def test_a_flag_goes_when_the_page_is_there_again(site, look, alice):
    site.pages.clear()
    flagged(site)
    site.show()

    retake(site)
    look.refresh_from_db()
    assert look.flag == ""


def test_clicks_lead_to_the_page_and_those_that_fail_flag_the_step(site, look, alice):
    site.show(more="<a id=on href='/next'>on</a><input id=q>")
    site.show("/next", words="The next", more="<p id=row oncontextmenu='location=`/menu`'>row")
    site.show("/menu", words="A menu")
    clicks = [{"do": "fill", "selector": "#q", "value": "x"}, {"do": "click", "selector": "#on"}]
    clicks += [{"do": "right-click", "selector": "#row"}]
    look.edit(by=alice, page={**look.page, "clicks": clicks})
    retake(site)
    assert "/next" in site.asked and "/menu" in site.asked

    look.edit(by=alice, page={**look.page, "clicks": [{"do": "fill", "selector": "#go"}]})
    assert "Click 1 (#go) fails" in flagged(site)


def test_nothing_outside_is_asked(site, own_browser):
    other = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            other.asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    there = f"127.0.0.1:{server.server_port}"
    site.show(
        more=f"<img src='http://{there}/a.png'><img src='/moved'>"
        f"<script>fetch('http://{there}/b'); new WebSocket('ws://{there}/c')</script>"
    )
    site.show("/moved", status=302, headers={"Location": f"http://{there}/d.png"})
    site.show("/away", status=302, headers={"Location": f"http://{there}/e"})
    try:
        with Camera(site.address) as looking:
            shot = looking.take({"address": "/"}, [])
            with pytest.raises(NotTaken):
                looking.take({"address": "/away"}, [])
            with pytest.raises(NotTaken, match="is not at"):
                looking.take({"address": f"http://{there}/f"}, [])
    finally:
        server.shutdown()
        server.server_close()

    assert f"http://{there}/a.png" in shot.blocked and "/moved" in site.asked
    assert other.asked == []


def test_what_is_to_be_hidden_is_not_in_the_picture(site):
    with Camera(site.address) as looking:
        page = {"address": "/", "width": 400, "height": 300}
        shown = looking.take(page, []).content
        hidden = looking.take({**page, "hide": ["h1"]}, []).content
        site.show(words="Secret")
        assert looking.take({**page, "hide": ["h1"]}, []).content == hidden != shown


SECRET = "<p id=secret style='position:absolute;left:20px;top:%dpx;margin:0'>hunter2 hunter2</p>"
PLACE = {"x": 5, "y": 83, "w": 30, "h": 8}  # of 400 by 300: where SECRET is at 250


@pytest.fixture
def blurred(site, look, alice):
    """The picture of a page with a secret, which is blurred in it."""
    site.show(more=SECRET % 250)
    retake(site)

    def blurred(selector):
        look.refresh_from_db()
        with look.screenshot.open() as file:
            drawn = burnt(file.read(), [{"box": PLACE, "selector": selector}])
        look.write(by=alice, alt="Blurred", picture=drawn)
        return look

    return blurred


def darkest(screenshot, top) -> int:
    """How dark it is where the secret stands: its letters are black."""
    with screenshot.open() as file, Image.open(file) as picture:
        return picture.convert("L").crop((18, top, 150, top + 20)).getextrema()[0]


def test_what_was_blurred_is_blurred_again_where_it_is_now(site, blurred):
    look = blurred("#secret")
    assert retake(site, check=True).startswith("unchanged")

    site.show(top=180, more=SECRET % 200)
    retake(site)

    look.refresh_from_db()
    shot = look.screenshot
    assert shot.previous and shot.blurred[0]["box"]["y"] < 70
    assert darkest(shot, 200) > 100 and darkest(shot.difference, 200) > 100
    assert retake(site, check=True).startswith("unchanged")


@pytest.mark.parametrize(
    ("selector", "more", "why"),
    [
        ("#secret", "<p>hunter2", "What was blurred is not found"),
        ("#secret", SECRET % 200 + SECRET % 250, "matches 2 things"),
        ("", SECRET % 200, "name its selector"),
    ],
)
def test_no_picture_is_taken_that_may_show_what_was_blurred(site, blurred, selector, more, why):
    look, count = blurred(selector), Screenshot.objects.count()
    site.show(top=180, more=more)

    assert why in flagged(site, check=True) and why in flagged(site)
    assert Screenshot.objects.count() == count
    look.refresh_from_db()
    assert why in look.flag


def test_a_place_that_was_blurred_by_hand_does_not_make_a_picture_old(site, blurred):
    blurred("")

    assert retake(site).startswith("unchanged")


def test_what_an_author_did_meanwhile_is_not_undone(site, blurred, monkeypatch):
    site.show(top=180, more=SECRET % 250)
    take = Camera.take

    def meanwhile(*arguments, **named):
        shot = take(*arguments, **named)
        blurred("#secret")
        return shot

    monkeypatch.setattr(Camera, "take", meanwhile)
    assert "its author changed its picture meanwhile" in retake(site)
    assert Step.objects.get(title="Look around").screenshot.alt == "Blurred"


@pytest.mark.parametrize("selector", ["#nowhere", "p[", "h1 >> nth=1"])
def test_without_what_is_to_be_hidden_there_is_no_picture(site, selector):
    with Camera(site.address) as looking, pytest.raises(NotTaken, match=r"hidden|cannot be read"):
        looking.take({"address": "/", "hide": [selector]}, [])


def test_the_camera_only_looks(site, look, alice):
    form = "<form method=post action=/delete><button id=delete>Delete</button></form>"
    site.show(more=form + "<script>fetch('/seen', {method: 'POST'})</script>")
    clicks = [{"do": "click", "selector": "#delete"}]
    look.edit(by=alice, page={**look.page, "clicks": clicks}, callouts=[])

    assert "would change something: /delete" in flagged(site)
    assert site.changed == []
    retake(site, act=True)
    assert {"/delete", "/seen"} <= set(site.changed)


def test_readers_get_new_pictures_when_they_are_published(site, look, alice):
    guide = Guide.objects.get()
    retake(site, publish=True)
    assert Guide.objects.get().published is None

    guide.publish(by=alice)
    site.show(top=200)
    retake(site, publish=True)
    guide.refresh_from_db()
    assert (guide.published.number, guide.published.note) == (2, "Pictures taken again")
    assert guide.published.steps[0]["shot"]["taken_at"]

    look.edit(by=alice, text="Half written")
    site.show(top=100)
    assert "its authors are changing it" in retake(site, publish=True)


def test_the_portal_is_looked_at_as_a_person_of_the_role(portal, look, alice, nina, own_browser):
    look.edit(by=alice, page={"address": "/runbooks/new/", "role": "author"}, callouts=[])
    search = Step.objects.get(title="Search")
    search.edit(by=alice, page={"address": "/runbooks/new/", "role": "reader"})
    before = Session.objects.count()
    out = StringIO()

    with pytest.raises(CommandError, match="1 flagged"):
        call_command("retake_screenshots", address=portal, stdout=out)

    assert "taken     first-day, step 1" in out.getvalue()
    assert "Its page answers 403" in out.getvalue()
    assert Session.objects.count() == before


def test_the_portal_leads_nobody_to_the_sign_in_page(portal, look, alice):
    look.edit(by=alice, page={"address": "/runbooks/", "role": ""})
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("retake_screenshots", address=portal, stdout=out)

    assert "leads to the sign-in page" in out.getvalue()


def test_it_says_how_to_get_a_browser(look, settings, own_browser):
    settings.CHROMIUM = ""

    with pytest.raises(CommandError, match="PORTAL_CHROMIUM"):
        call_command("retake_screenshots")


def test_it_names_what_it_does_not_know(look, settings):
    with pytest.raises(CommandError, match="There is no guide nowhere"):
        call_command("retake_screenshots", guide=["nowhere"])
    with pytest.raises(CommandError, match="ROLE=USER"):
        call_command("retake_screenshots", people=["king=x"])
