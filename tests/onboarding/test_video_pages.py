"""Videos over the web: sent as they come, refused while they come, given out in parts."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from onboarding.models import Screenshot, Step, Video
from onboarding.videos.upload import LEFT_AFTER, incoming, tidy
from tests.programs import python

from .films import mp4

pytestmark = pytest.mark.django_db
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n"
ADDRESS = "/guides/first-day/videos/new/"


def send(client, content=None, **more):
    film = SimpleUploadedFile("../x.html", mp4() if content is None else content, "text/html")
    return client.post(ADDRESS, {"title": "The tour", "file": film, **more})


@pytest.fixture
def film(first_day, alice):
    return Video.objects.keep(
        ContentFile(mp4()), guide=first_day, by=alice, title="The tour", captions=VTT
    )


def test_an_author_adds_one_with_its_words_to_a_step(first_day, alice, client_of):
    step = Step.objects.get(title="Search")

    answer = send(client_of(alice), captions=VTT, transcript="Hello.", step=step.pk)

    assert answer.status_code == 302
    video = Video.objects.get()
    assert (video.content_type, video.captions) == ("video/mp4", VTT)
    step.refresh_from_db()
    assert step.video == video
    assert not list(incoming().iterdir())


def test_an_author_adds_one_with_the_picture_before_it(first_day, alice, client_of):
    poster = Screenshot.objects.get()

    assert send(client_of(alice), poster=poster.pk).status_code == 302
    assert Video.objects.get().poster == poster


def test_a_refusal_keeps_what_was_typed(first_day, alice, client_of):
    page = send(client_of(alice), b"<script>", transcript="What I typed")

    text = page.content.decode()
    assert page.status_code == 400
    assert "This is not an MP4 or WebM video" in text and "What I typed" in text
    assert not Video.objects.exists() and not list(incoming().iterdir())


def test_a_wrong_caption_names_its_line(first_day, alice, client_of):
    page = send(client_of(alice), captions="WEBVTT\n\nx\ny")

    assert "Line 4: A cue begins" in page.content.decode()
    assert not Video.objects.exists()


def test_too_large_is_refused_while_it_comes(first_day, alice, client_of, settings):
    settings.VIDEO_MB = 1

    page = send(client_of(alice), mp4(pictures=3 * 1024 * 1024))

    assert page.status_code == 400 and "larger than 1 MB" in page.content.decode()
    assert not list(incoming().iterdir())


def test_a_file_and_an_address_are_one_too_many(first_day, alice, client_of, settings):
    settings.VIDEO_HOSTS = ["videos.example.org"]
    there = "https://videos.example.org/a.mp4"

    assert "one of the two" in send(client_of(alice), address=there).content.decode()
    client_of(alice).post(ADDRESS, {"title": "x", "address": there})
    assert Video.objects.get().source == there


def test_only_those_who_may_add_videos_send_any(first_day, alice, nina, client, client_of):
    assert client_of(nina).get(ADDRESS).status_code == 403
    assert send(client_of(nina)).status_code == 403
    assert send(client).status_code == 302
    forged = client_of(alice, enforce_csrf_checks=True)
    assert send(forged).status_code == 403
    assert not Video.objects.exists() and not list(incoming().iterdir())


def test_it_is_given_out_in_parts_and_can_do_nothing(film, alice, client, client_of):
    reader = client_of(alice)
    whole, part = reader.get(film.source), reader.get(film.source, headers={"Range": "bytes=4-7"})
    beyond = reader.get(film.source, headers={"Range": "bytes=999999-"})

    assert b"".join(whole) == mp4() and whole["Content-Type"] == "video/mp4"
    assert b"".join(part) == b"ftyp" and part.status_code == 206
    assert beyond.status_code == 416
    for answer in (whole, part, beyond):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Cache-Control"].startswith("private")
    assert client.get(film.source).status_code == 302


def test_captions_of_a_draft_are_given_out_and_missing_ones_are_not(film, alice, client_of):
    step = film.guide.steps.last()
    step.edit(by=alice, video=film)
    address = f"/guides/first-day/v0/{step.key}/captions.vtt"
    answer = client_of(alice).get(address)

    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer.content.decode() == VTT
    missing = address.replace("captions", "chapters")
    assert client_of(alice).get(missing).status_code == 404


def test_a_file_that_is_gone_is_not_found(film, alice, client_of):
    Path(film.open().name).unlink()

    assert client_of(alice).get(film.source).status_code == 404


def test_what_a_broken_upload_left_is_swept(film):
    left, orphan = incoming() / "x.part", Path(film.open().name).with_name("y.mp4")
    left.write_bytes(b"x")
    orphan.write_bytes(b"x")

    tidy()
    assert left.exists() and orphan.exists()
    tidy(at=time.time() + LEFT_AFTER + 60)
    assert Path(film.open().name).exists() and not left.exists() and not orphan.exists()


def test_pages_may_play_what_is_ours_and_nothing_else(nina, client_of):
    policy = client_of(nina).get("/").headers["Content-Security-Policy"]

    assert "media-src 'self';" in policy + ";"


@pytest.mark.slow
def test_a_kill_in_the_middle_of_an_upload_leaves_nothing(tmp_path):
    """A real server that is killed while a video comes in: no row, no file that is given out."""
    settings = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
        "PORTAL_DATA": str(tmp_path),
        "PORTAL_HTTPS": "0",
        "PORTAL_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    cookie, port = _prepared(settings), _free_port()
    server = subprocess.Popen(
        [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"],
        env=settings,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        line = _begin_upload(port, cookie)
        _wait(lambda: any(path.stat().st_size for path in (tmp_path / "media").rglob("*.part")))
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    line.close()

    with closing(sqlite3.connect(_database(settings))) as rows:
        assert rows.execute("SELECT count(*) FROM onboarding_video").fetchall() == [(0,)]
    assert not (tmp_path / "media" / "videos").exists()


def _manage(settings, *words) -> str:
    done = python("manage.py", *words, env=settings)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _prepared(settings) -> str:
    """A portal with one guide; returns the cookies of its author."""
    if connection.vendor == "sqlite":  # as it was migrated for the tests
        _database(settings).write_bytes(connection.connection.serialize())
    made = _manage(
        settings,
        "shell",
        "-v",
        "0",
        "-c",
        "from django.core.management import call_command\n"
        "from django.test import Client\n"
        "from onboarding.models import Guide\n"
        "from portal.accounts.models import User\n"
        "call_command('migrate', verbosity=0)\n"
        "call_command('createcachetable', verbosity=0)\n"
        "user = User.objects.create_user('alice', password='x')\n"
        "user.take_role('author')\n"
        "Guide.objects.start('First day', by=user)\n"
        "client = Client(SERVER_NAME='127.0.0.1')\n"
        "client.force_login(user, backend='portal.accounts.backends.RoleBackend')\n"
        "print('; '.join(f'{k}={v.value}' for k, v in client.cookies.items()))\n",
    )
    return f"{made.strip()}; csrf={'a' * 32}"


def _database(settings) -> Path:
    return Path(settings["PORTAL_DATA"]) / "portal.sqlite3"


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def _begin_upload(port: int, cookie: str) -> socket.socket:
    """Announce 50 MB, send one, and keep the line open."""
    begin = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n' + mp4(
        pictures=1024 * 1024
    )
    head = (
        f"POST {ADDRESS} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 50000000\r\n\r\n"
    ).encode()
    _wait(lambda: _answers(port))
    line = socket.create_connection(("127.0.0.1", port))
    line.sendall(head + begin)
    return line


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _wait(condition) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("It did not happen within 30 seconds.")
