"""What is blurred is gone: from the stored bytes, from the disk, and for whoever computes."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from PIL import Image, ImageChops, ImageDraw

from onboarding.models import Guide, Screenshot
from onboarding.pictures.blurs import Drawn, burnt
from portal.core.media.uploads import store_image

SECRET = {"box": {"x": 25, "y": 40, "w": 50, "h": 20}, "selector": ""}
AREA = (100, 120, 300, 180)  # of 400 × 300


def page(word: str, kind: str = "PNG") -> bytes:
    picture = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(picture)
    draw.text((10, 10), "Settings", fill="black")
    draw.text((110, 140), word, fill="black")
    file = io.BytesIO()
    picture.save(file, kind)
    return store_image(io.BytesIO(file.getvalue())).content


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_nothing_of_the_word_is_left_and_the_rest_stays(kind):
    content = page("hunter2 hunter2", kind)
    done = burnt(content, [SECRET])

    before, after = opened(content), opened(done.stored.content)
    region = after.crop(AREA)
    assert ImageChops.difference(before.crop(AREA), region).getbbox() is not None
    darkest, _ = region.convert("L").getextrema()
    assert darkest > 150  # the letters were black
    corner = ImageChops.difference(before.crop((0, 0, 90, 60)), after.crop((0, 0, 90, 60)))
    assert max(high for _, high in corner.getextrema()) < (1 if kind == "PNG" else 60)
    assert done.blurred == [SECRET]


def test_the_same_word_looks_different_each_time():
    content = page("hunter2")
    one, other = (opened(burnt(content, [SECRET]).stored.content).crop(AREA) for _ in range(2))

    assert ImageChops.difference(one, other).getbbox() is not None


def test_what_shone_through_is_covered():
    picture = Image.new("RGBA", (400, 300), (255, 0, 0, 0))
    file = io.BytesIO()
    picture.save(file, "PNG")
    done = burnt(file.getvalue(), [SECRET])

    region = Image.open(io.BytesIO(done.stored.content)).crop(AREA)
    assert region.getchannel("A").getextrema()[0] > 250


@pytest.mark.parametrize("blurs", ["x", [1], [{"box": {"x": 0}}], [{**SECRET, "onclick": ""}]])
def test_what_is_no_region_is_refused(blurs):
    with pytest.raises(ValidationError):
        burnt(page("x"), blurs)


def test_a_region_of_one_pixel_at_the_edge_is_done_too():
    done = burnt(page("x"), [{"box": {"x": 100, "y": 100, "w": 0, "h": 0}, "selector": ""}])

    assert (done.stored.width, done.stored.height) == (400, 300)


@pytest.fixture
def secret(first_day, alice):
    """A step that shows a secret."""
    step = first_day.steps.last()
    step.write(by=alice, alt="A secret", picture=Drawn(store_image(io.BytesIO(page("hunter2")))))
    return step


def blur(step, by):
    with step.screenshot.open() as file:
        picture = burnt(file.read(), [SECRET], before=step.screenshot.blurred)
    step.write(by=by, alt="A secret", picture=picture)


def test_the_first_file_is_deleted(secret, alice, django_capture_on_commit_callbacks):
    old = secret.screenshot
    with django_capture_on_commit_callbacks(execute=True):
        blur(secret, alice)

    assert not default_storage.exists(old.path)
    assert not Screenshot.objects.filter(pk=old.pk).exists()
    assert default_storage.exists(secret.screenshot.path)
    assert secret.screenshot.blurred == [SECRET]


def test_but_not_while_a_published_version_shows_it(
    secret, first_day, alice, django_capture_on_commit_callbacks
):
    Guide.objects.get(pk=first_day.pk).publish(by=alice)
    old = secret.screenshot
    with django_capture_on_commit_callbacks(execute=True):
        blur(secret, alice)

    assert default_storage.exists(old.path)


def test_what_it_was_retaken_from_goes_with_it(secret, alice, picture_of, first_day):
    before = picture_of(first_day, alice)
    Screenshot.objects.filter(pk=secret.screenshot.pk).update(previous=before)
    secret.screenshot.refresh_from_db()
    blur(secret, alice)

    assert not Screenshot.objects.filter(pk=before.pk).exists()


def test_a_refused_write_leaves_no_file(first_day, alice):
    step, stored = first_day.steps.last(), store_image(io.BytesIO(page("x")))
    with pytest.raises(ValidationError):
        step.write(by=alice, title="", picture=Drawn(stored))

    assert not default_storage.exists(Screenshot.path_of(stored.name))
