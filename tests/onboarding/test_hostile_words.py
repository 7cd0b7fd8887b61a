"""Whatever an author or a reader types stays words: on pages, in tables and in mails."""

import csv
import io
from html.parser import HTMLParser

import pytest

from onboarding.models import Assignment, Guide, Progress, Question, Step, StuckReport, Video
from portal.accounts.models import Team
from portal.notifications.models import Delivery

from .conftest import CALLOUT

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]
WORDS = [
    '"><script>alert(1)</script>',
    "javascript:alert(1)",
    "=cmd|' /C calc'!A0",
    "\r\nBcc: someone@example.org",
    "' onload=alert(1) x='",
    "</style><img src=x onerror=alert(1)>",
]
ADDRESSES = ("href", "src", "action", "formaction", "poster", "xlink:href")


class Acting(HTMLParser):
    """Collects what would act: scripts of ours are files, so inline ones are not."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        handlers = [name for name in named if name.startswith("on")]
        scripts = [
            value
            for name, value in attrs
            if name in ADDRESSES and (value or "").strip().lower().startswith("javascript:")
        ]
        inline = tag == "script" and "src" not in named and named.get("type") != "application/json"
        if handlers or scripts or inline:
            self.found.append((tag, attrs))


@pytest.fixture(params=WORDS)
def hostile(request, alice, nina, picture_of, settings):
    """A guide of nothing but these words, followed, stuck at, assigned; its addresses."""
    settings.VIDEO_HOSTS = ["films.example"]
    words = request.param
    line = " ".join(words.split())
    team = Team.objects.create(slug="team", name=line)
    team.members.add(alice)
    about = {"purpose": words, "audience": words, "owner": team, "slug": "hostile"}
    guide = Guide.objects.start(words, by=alice, **about)
    film = Video.objects.link(
        "https://films.example/a.mp4?x=%22%3E",
        guide=guide,
        by=alice,
        title=words,
        transcript=words,
        captions=f"WEBVTT\n\n00:00.000 --> 00:01.000\n{line}\n",
        chapters=f"WEBVTT\n\n00:00.000 --> 00:01.000\n{line}\n",
    )
    text = f"![{words}](x) [{words}]({words}) {words}"
    more = {"text": text, "control": words, "result": words, "video": film}
    step = Step.objects.add(guide, by=alice, title=words, **more)
    marks = [
        {**CALLOUT, "kind": kind, "text": words, "selector": words} for kind in ("box", "arrow")
    ]
    step.show(picture_of(guide, alice, alt=words), by=alice, callouts=marks)
    guide.publish(by=alice, note=words)
    guide = Guide.objects.get()
    progress = Progress.objects.start(guide, by=nina)
    report = StuckReport.objects.report(progress, str(step.key), by=nina, text=words, page=words)
    assignment = Assignment.objects.assign(guide, by=alice, team=team)
    question = Question(slug="q")
    question.write(by=alice, topic=line, question=words, answer=words, guides=[guide])
    own = "/guides/hostile/"
    return [
        *("/guides/", own, f"{own}steps/{step.key}/?stuck", f"{own}all/", f"{own}pictures/"),
        *("/guides/questions/", "/guides/me/", "/search/?q=alert", f"/guides/stuck/{report.pk}/"),
        *("/guides/figures/", f"{own}figures/", "/guides/figures.csv", f"{own}figures.csv"),
        *(f"{own}people.csv", "/guides/stuck/", f"/guides/assignments/{assignment.pk}/"),
        *("/guides/assignments/", "/notifications/", f"/admin/onboarding/guide/{guide.pk}/change/"),
        *(f"/admin/onboarding/guide/{guide.pk}/publish/", "/admin/onboarding/stuckreport/"),
        *(f"/admin/onboarding/{name}/{row.pk}/change/" for name, row in (("step", step),)),
        *(f"/admin/onboarding/{name}/{row.pk}/change/" for name, row in (("video", film),)),
    ]


def test_they_act_nowhere(hostile, nina, olga, client_of):
    for person in (nina, olga):
        browser = client_of(person)
        for address in hostile:
            answer = browser.get(address)
            body = answer.getvalue().decode()
            assert answer.status_code in (200, 302, 403), address
            if answer["Content-Type"].startswith("text/csv"):
                cells = [cell for row in csv.reader(io.StringIO(body)) for cell in row]
                assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
            else:
                assert Acting(body).found == [], address


def test_they_make_no_header_of_a_mail(hostile):
    assert Delivery.objects.exists()
    for delivery in Delivery.objects.all():
        assert delivery.subject.isprintable()
