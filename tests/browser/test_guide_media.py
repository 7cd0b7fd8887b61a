"""The pages of pictures and videos, and a real film that a browser recorded, kept and played."""

import base64

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from onboarding.models import Step, Video
from tests.onboarding.conftest import first_day, picture_of  # noqa: F401

from .test_pages import faults

PICTURES, VIDEOS = "/guides/first-day/pictures/", "/guides/first-day/videos/new/"
VTT = "WEBVTT\n\n00:00.000 --> 00:05.000\nHello.\n"
RECORD = """async () => {
  const canvas = document.createElement("canvas");
  const draw = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(20), {mimeType: "video/webm"});
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const over = new Promise((done) => { recorder.onstop = done; });
  recorder.start();
  for (let n = 0; n < 20; n += 1) {
    draw.fillStyle = `rgb(${n * 12}, 90, 90)`;
    draw.fillRect(0, 0, 300, 150);
    await new Promise((done) => setTimeout(done, 40));
  }
  recorder.stop();
  await over;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}"""
PLAY = """async (address) => {
  const video = document.createElement("video");
  const found = new Promise((done) => {
    video.onloadeddata = () => done([video.videoWidth, video.textTracks.length]);
    video.onerror = () => done(["not played", video.error.message]);
  });
  const track = document.createElement("track");
  track.src = address[1];
  track.default = true;
  video.append(track);
  video.src = address[0];
  document.body.append(video);
  return found;
}"""


@pytest.fixture
def retaken(first_day, alice, picture_of):  # noqa: F811
    step = Step.objects.get(title="Look around")
    drawn = picture_of(first_day, alice, colour="red", alt="What differs")
    now = {"previous": step.screenshot, "difference": drawn, "taken_at": timezone.now()}
    step.show(picture_of(first_day, alice, taken_from="/", changed=0.1, **now), by=alice)
    Step.objects.get(title="Search").mark("the selector #gone matches nothing")


def test_no_page_has_a_fault(visit, retaken, alice):
    assert faults(visit(alice), PICTURES, VIDEOS) == []


def test_a_film_that_a_browser_recorded_is_taken_and_played(
    visit,
    first_day,  # noqa: F811
    alice,
    nina,
    one_request_at_a_time,
):
    film = base64.b64decode(visit().open("/account/sign-in/").evaluate(RECORD))
    with one_request_at_a_time:
        video = Video.objects.keep(
            ContentFile(film), guide=first_day, by=alice, title="Film", captions=VTT
        )
        step = first_day.steps.last()
        step.edit(by=alice, video=video)
        first_day.publish(by=alice)
    reader = visit(nina)
    page = reader.open("/runbooks/")

    found = page.evaluate(PLAY, [video.source, f"/guides/first-day/v1/{step.key}/captions.vtt"])

    assert found == [300, 1] and reader.complaints() == []


def test_an_author_uploads_one_without_javascript(
    visit,
    first_day,  # noqa: F811
    alice,
):
    film = visit().open("/account/sign-in/").evaluate(RECORD)
    page = visit(alice, java_script_enabled=False).open(VIDEOS)
    file = {"name": "a.webm", "mimeType": "video/webm", "buffer": base64.b64decode(film)}
    page.get_by_label("What it shows").fill("The tour")
    page.get_by_label("Video file").set_input_files(file)
    page.get_by_role("button", name="Add").click()

    assert page.get_by_text("The tour", exact=True).is_visible()
    assert Video.objects.get().content_type == "video/webm"
