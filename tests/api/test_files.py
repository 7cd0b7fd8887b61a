"""Pictures and films are fetched and sent with a token, by the same rules as on the web."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from onboarding.models import Screenshot, Video
from runbooks.models import Image, Runbook
from tests.onboarding.world import make_guide

pytestmark = pytest.mark.django_db

MEDIA = "/api/v1/media/"
GUIDE = "/api/v1/guides/first-day/"
FILM = (Path(__file__).parents[1] / "onboarding" / "film.webm").read_bytes()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(name="shot.png", colour="red") -> SimpleUploadedFile:
    content = BytesIO()
    Pillow.new("RGB", (3, 2), colour).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue() + b"<script>", "image/png")


@pytest.fixture
def guide(alice):
    return make_guide(alice, slug="first-day")


def test_a_picture_is_sent_and_fetched(api, alice, disk):
    sent = api(alice).post(MEDIA, {"image": picture(), "alt": "A [disk]", "runbook": disk.slug})

    found = sent.json()
    assert sent.status_code == 201
    assert (found["width"], found["height"], found["content_type"]) == (3, 2, "image/png")
    assert found["markdown"] == f"![A \\[disk\\]](/media/{found['name']})"
    assert found["address"].endswith(sent["Location"])
    assert sent["ETag"] == found["etag"]
    assert Image.objects.get().runbook == disk

    fetched = api(alice, "runbooks:read").get(sent["Location"])
    content = b"".join(fetched.streaming_content)
    assert (fetched.status_code, fetched["Content-Type"]) == (200, "image/png")
    assert b"<script>" not in content
    assert content.startswith(b"\x89PNG")
    assert fetched["ETag"] == found["etag"]
    assert fetched["Content-Security-Policy"] == "default-src 'none'; sandbox"
    headers = {"If-None-Match": found["etag"]}
    assert api(alice).get(sent["Location"], headers=headers).status_code == 304


def test_who_may_not_see_a_picture_does_not_find_it(api, alice, nina, client):
    hidden = Runbook.objects.start("Hidden", by=alice, text="x")
    sent = api(alice).post(MEDIA, {"image": picture(), "alt": "x", "runbook": hidden.slug})

    assert api(nina).get(sent["Location"]).status_code == 404
    assert api(alice, "onboarding:read").get(sent["Location"]).status_code == 403
    assert client.get(sent["Location"]).status_code == 401
    assert api(nina).post(MEDIA, {"image": picture(), "alt": "x"}).status_code == 403
    assert api(alice, "runbooks:read").post(MEDIA, {"image": picture()}).status_code == 403


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"alt": "x"}, "/image"),
        ({"alt": "x", "image": SimpleUploadedFile("a.svg", b"<svg onload='x'/>")}, "/image"),
        ({"alt": "x", "image": SimpleUploadedFile("a.png", b"nothing")}, "/image"),
        ({"alt": "x", "image": "text"}, "/image"),
        ({"image": None}, "/alt"),
        ({"alt": "x", "image": None, "runbook": "nowhere"}, "/runbook"),
    ],
)
def test_what_is_no_picture_is_refused(api, alice, given, pointer):
    given = {name: picture() if value is None else value for name, value in given.items()}
    answer = api(alice).post(MEDIA, given)

    assert answer.status_code == 400
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
    assert not Image.objects.exists()


def test_a_form_that_is_sent_again_with_its_key_is_one_picture(api, alice):
    client, headers = api(alice), {"Idempotency-Key": "once"}
    first, second = (
        client.post(MEDIA, {"image": picture(), "alt": "x"}, headers=headers) for _ in range(2)
    )

    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert Image.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"alt": "y"},
        {"colour": "blue"},
        {"runbook": "disk-fills-up"},
    ],
)
def test_a_key_of_another_form_is_refused(api, alice, disk, other):
    client, headers = api(alice), {"Idempotency-Key": "once"}
    client.post(MEDIA, {"image": picture(), "alt": "x"}, headers=headers)

    image = picture(colour=other.pop("colour", "red"))
    answer = client.post(MEDIA, {"image": image, "alt": "x", **other}, headers=headers)

    assert answer.status_code == 422
    assert Image.objects.count() == 1


def test_a_picture_of_a_guide(api, alice, nina, guide):
    sent = api(alice).post(f"{GUIDE}pictures/", {"image": picture(), "alt": "The page"})

    assert sent.status_code == 201
    assert Screenshot.objects.get(name=sent.json()["name"]).guide == guide
    fetched = api(alice, "onboarding:read").get(sent["Location"])
    assert b"".join(fetched.streaming_content).startswith(b"\x89PNG")
    assert api(nina).get(sent["Location"]).status_code == 404  # no published version shows it
    assert api(nina).post(f"{GUIDE}pictures/", {}).status_code == 403


def test_a_film_of_a_guide_whole_and_in_parts(api, alice, nina, guide):
    film = SimpleUploadedFile("tour.webm", FILM, "video/webm")
    sent = api(alice).post(f"{GUIDE}videos/", {"file": film, "title": "Tour"})

    assert sent.status_code == 201, sent.content
    assert sent.json()["size"] == len(FILM)
    reader = api(alice, "onboarding:read")
    assert b"".join(reader.get(sent["Location"]).streaming_content) == FILM
    part = reader.get(sent["Location"], headers={"Range": "bytes=2-5"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, FILM[2:6])
    assert api(nina).get(sent["Location"]).status_code == 404
    assert api(nina).post(f"{GUIDE}videos/", {"file": film}).status_code == 403


def test_what_is_no_film_is_refused(api, alice, guide, settings):
    client, before = api(alice), Video.objects.count()
    for wrong in (b"no film", b""):
        film = SimpleUploadedFile("tour.webm", wrong, "video/webm")
        answer = client.post(f"{GUIDE}videos/", {"file": film, "title": "Tour"})
        assert answer.status_code == 400
        assert "/file" in {error["pointer"] for error in answer.json()["errors"]}
    settings.VIDEO_MB = 0
    film = SimpleUploadedFile("tour.webm", FILM, "video/webm")
    answer = client.post(f"{GUIDE}videos/", {"file": film, "title": "Tour"})
    assert answer.json()["errors"][0]["pointer"] == "/file"
    assert Video.objects.count() == before
