"""Videos: what is taken, what is refused and in which words."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from onboarding.models import Video
from onboarding.videos.media_types import examined
from portal.core.media.uploads import UploadRefused

from .films import BLOCK, FTYP, HEAD, MOOV, TRACKS, UNKNOWN, box, element, hdlr, mp4, webm

HTML = b"<!doctype html><script>alert(1)</script>"
REFUSED = {
    "empty": b"",
    "text": b"hello, this is no film",
    "a web page": HTML,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "a picture in an MP4 box": box(b"ftyp", b"heic\0\0\0\0") + box(b"meta", b"x") + box(b"mdat"),
    "QuickTime": box(b"ftyp", b"qt  \0\0\2\0qt  ") + MOOV + box(b"mdat"),
    "sound": FTYP + box(b"moov", hdlr(b"soun")) + box(b"mdat", bytes(9)),
    "without an index": FTYP + box(b"mdat", bytes(100)),
    "without pictures": FTYP + MOOV,
    "cut off": mp4()[:-1],
    "cut off in the index": (FTYP + MOOV)[:-40],
    "cut off in a head": mp4() + b"\0\0\0",
    "a page after the head": FTYP + HTML,
    "a page behind it": mp4() + HTML,
    "a page in the head": box(b"ftyp", b"isom\0\0\0\0" + HTML) + MOOV + box(b"mdat"),
    "a page in a free box": mp4(box(b"free", b"x" * 300_000 + HTML)),
    "a page in a uuid box": mp4(box(b"uuid", bytes(16) + b"< SCRIPT >")),
    "an unknown box": mp4(box(b"zip ", b"PK")),
    "a box of size 2": FTYP + b"\0\0\0\2moov" + MOOV,
    "a box larger than all": FTYP + b"\0\0\0\1moov" + b"\xff" * 8 + MOOV,
    "Matroska": element("1a45dfa3", b"\x42\x82\x88matroska") + element("18538067", TRACKS),
    "WebM, cut off": webm()[:-1],
    "WebM, cut off live": webm(live=True)[:-1],
    "WebM with a page behind": webm() + HTML,
    "WebM live with a page behind": webm(live=True) + HTML,
    "WebM with a page in a gap": webm(element("ec", HTML)),
    "WebM with a file in it": webm(element("1941a469", b"PK")),
    "WebM with sound only": HEAD
    + element("18538067", element("1654ae6b", b"A_OPUS") + element("1f43b675", BLOCK)),
    "WebM without pictures": HEAD + element("18538067", TRACKS),
    "WebM of nothing": HEAD,
    "WebM of zeros": HEAD + bytes(50),
    "WebM with a track of no length": HEAD + element("18538067", element("1654ae6b", size=UNKNOWN)),
}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (mp4(), "video/mp4"),
        (mp4(box(b"free", bytes(1000))), "video/mp4"),
        (FTYP + MOOV + b"\0\0\0\1mdat" + (17).to_bytes(8, "big") + b"x", "video/mp4"),
        (FTYP + MOOV + b"\0\0\0\0mdat" + b"to the end", "video/mp4"),
        (FTYP + MOOV + box(b"moof", b"x") + box(b"mdat", b"x"), "video/mp4"),
        (webm(), "video/webm"),
        (webm(live=True), "video/webm"),
        (webm(element("ec", bytes(100)), element("1254c367", b"title")), "video/webm"),
    ],
)
def test_it_takes_mp4_and_webm_by_what_they_are(content, kind):
    assert examined(BytesIO(content), len(content)).content_type == kind


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses_all_else_with_a_sentence(name):
    with pytest.raises(UploadRefused) as caught:
        examined(BytesIO(REFUSED[name]), len(REFUSED[name]))

    assert caught.value.code in {"empty", "not-a-video", "broken"}
    assert caught.value.detail.endswith((".", ")"))


def test_no_end_of_a_good_file_breaks_the_look_at_it():
    for whole in (mp4(pictures=20), webm(live=True)):
        for length in range(len(whole)):
            with pytest.raises(UploadRefused):
                examined(BytesIO(whole[:length]), length)


def test_it_refuses_what_is_too_large(settings):
    settings.VIDEO_MB = 0

    with pytest.raises(UploadRefused, match="larger than 0 MB"):
        examined(BytesIO(mp4()), len(mp4()))


@pytest.mark.django_db
def test_it_keeps_a_file_under_a_name_of_its_own(first_day, alice):
    film = ContentFile(mp4(), name="../../<script>.html")

    video = Video.objects.keep(film, guide=first_day, by=alice, title="The tour")

    assert video.name.endswith(".mp4") and "script" not in video.name
    assert video.open().read() == mp4() and video.size == len(mp4())


@pytest.mark.django_db
def test_a_refused_video_leaves_no_file_and_no_row(first_day, alice):
    before = set(_files())

    with pytest.raises(UploadRefused):
        Video.objects.keep(ContentFile(HTML), guide=first_day, by=alice, title="x")
    with pytest.raises(ValidationError):
        Video.objects.keep(ContentFile(mp4()), guide=first_day, by=alice, title="")

    assert set(_files()) == before and not Video.objects.exists()


def _files():
    return default_storage.listdir("videos")[1] if default_storage.exists("videos") else []


@pytest.mark.django_db
def test_an_address_needs_https_and_an_allowed_host(first_day, alice, settings):
    settings.VIDEO_HOSTS = ["videos.example.org"]
    about = {"guide": first_day, "by": alice, "title": "x"}

    video = Video.objects.link("https://videos.example.org/a.mp4", **about)
    assert video.source == "https://videos.example.org/a.mp4"
    for address in (
        "http://videos.example.org/a.mp4",
        "https://videos.example.org/watch?v=1",
        "https://videos.example.org/a.mp4/watch",
        "https://videos.example.org/?file=a.mp4",
        "https://other.example.org/a.mp4",
        "https://videos.example.org:8443/a.mp4",
        "https://me@videos.example.org/a.mp4",
        "https://videos.example.org.evil.example/a.mp4",
        "https://evil.example/videos.example.org",
        "https://[/a.mp4",
    ):
        with pytest.raises(ValidationError):
            Video.objects.link(address, **about)


@pytest.mark.django_db
def test_no_host_is_allowed_unless_it_is_named(first_day, alice):
    with pytest.raises(ValidationError, match="PORTAL_VIDEO_HOSTS"):
        Video.objects.link("https://videos.example.org/a", guide=first_day, by=alice, title="x")
