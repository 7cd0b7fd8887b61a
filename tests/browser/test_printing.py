"""A guide as a PDF, printed by the Chromium of this machine."""

import re
import zlib

import pytest

from onboarding.guides import pdf as printing
from onboarding.guides.pdf import NotPrinted, page_of, printed
from onboarding.models import Guide, Progress, Video
from tests.onboarding.conftest import first_day, picture_of, published  # noqa: F401


@pytest.fixture
def program(chromium, settings, tmp_path):
    """Chromium, and a folder where nothing is printed yet."""
    settings.CHROMIUM, settings.DATA_DIR = chromium, tmp_path


def streams(pdf: bytes) -> bytes:
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(each) for each in found if each[:1] == b"x")


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf + streams(pdf)))


def test_it_has_pages_text_pictures_and_tags(program, published):  # noqa: F811
    pdf = printed(published.published)

    assert pdf.startswith(b"%PDF-") and pages(pdf) >= 1
    assert b"/MarkInfo" in pdf + streams(pdf) and b"/StructTreeRoot" in pdf + streams(pdf)
    assert b"/Subtype /Image" in pdf
    assert b"/Title (First day)" in pdf
    assert b"BT" in streams(pdf)  # text is text


def test_a_long_guide_has_many_pages(program, published, alice):  # noqa: F811
    step = published.steps.first()
    step.edit(by=alice, text="\n\n".join(f"Paragraph {n}." for n in range(200)))
    published.publish(by=alice)

    assert pages(printed(Guide.objects.get().published)) > 2


def test_hostile_words_stay_words(published, alice):  # noqa: F811
    published.steps.first().edit(by=alice, title="<script>alert(1)</script>", control='"><b>')
    published.publish(by=alice)

    page = page_of(Guide.objects.get().published)

    assert "<script" not in page and "&lt;script&gt;" in page


def test_it_is_ended_when_it_takes_too_long(program, published):  # noqa: F811
    with pytest.raises(NotPrinted, match="longer than"):
        printed(published.published, longest=0.01)


def test_a_reader_downloads_it(program, published, nina, client_of):  # noqa: F811
    answer = client_of(nina).get("/guides/first-day/guide.pdf")

    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == 'attachment; filename="first-day-v1.pdf"'


def test_it_is_of_the_version_that_one_follows(program, published, alice, nina, client_of):  # noqa: F811
    Progress.objects.start(published, by=nina)
    published.steps.first().edit(by=alice, title="Another title")
    published.publish(by=alice)

    for person, number in ((nina, 1), (alice, 2)):
        answer = client_of(person).get("/guides/first-day/guide.pdf")
        assert f"first-day-v{number}.pdf" in answer["Content-Disposition"]


def test_only_what_can_be_printed_is_offered(published, nina, client_of, settings):  # noqa: F811
    reader = client_of(nina)
    settings.CHROMIUM = __file__
    assert "guide.pdf" in reader.get("/guides/first-day/all/").content.decode()
    settings.CHROMIUM = ""
    assert "guide.pdf" not in reader.get("/guides/first-day/all/").content.decode()


def test_without_a_program_it_says_what_to_do(published, nina, client_of):  # noqa: F811
    page = client_of(nina).get("/guides/first-day/guide.pdf")

    assert page.status_code == 409 and "PORTAL_CHROMIUM" in page.content.decode()


def test_what_was_never_published_is_not_found(first_day, alice, client_of):  # noqa: F811
    assert client_of(alice).get("/guides/first-day/guide.pdf").status_code == 404


def test_what_an_author_changed_since_is_not_in_it(film_in_it, alice):
    film_in_it.describe(by=alice, transcript="Not published yet.")

    page = page_of(Guide.objects.get().published)

    assert "All of it." in page and "Not published yet." not in page


@pytest.fixture
def film_in_it(first_day, alice, settings):  # noqa: F811
    settings.VIDEO_HOSTS = ["films.example"]
    about = {"guide": first_day, "by": alice, "title": "The tour", "transcript": "All of it."}
    film = Video.objects.link("https://films.example/a.mp4", **about)
    first_day.steps.last().edit(by=alice, video=film)
    first_day.publish(by=alice)
    return film


def test_more_pictures_than_a_page_can_hold_are_not_printed(published, monkeypatch):  # noqa: F811
    monkeypatch.setattr(printing, "HEAVIEST", 100)

    with pytest.raises(NotPrinted, match="too large"):
        page_of(published.published)
