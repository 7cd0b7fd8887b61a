"""Icons that browsers ask for by name, whatever page they show: a PDF, a picture, an answer."""

import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image

from portal import views

ICONS = {"/favicon.ico": b"\x00\x00\x01\x00", "/apple-touch-icon.png": b"\x89PNG"}


@pytest.mark.parametrize("path", ICONS)
def test_an_icon_is_given_to_everybody_without_a_question_and_kept_for_a_day(path):
    answer = Client().get(path)  # no database in this test

    content = b"".join(answer)
    assert answer.status_code == 200 and content.startswith(ICONS[path])
    assert answer["Content-Type"].startswith("image/") and len(content) < 4096
    assert answer["Cache-Control"] == "max-age=86400, public"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_nothing_else_stands_at_the_root():
    assert Client().get("/robots.txt").status_code != 200


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/account/sign-in/", "/admin/"])
def test_a_phone_can_put_the_portal_on_its_home_screen(page, client_of, olga, client):
    shown = client_of(olga).get(page, follow=True)
    told = client.get(reverse("manifest"))

    assert f'<link rel="manifest" href="{reverse("manifest")}">' in shown.content.decode()
    assert "manifest-src 'self'" in shown.headers["Content-Security-Policy"]
    about = json.loads(told.content)
    assert told["Content-Type"] == "application/manifest+json"
    assert (about["name"], about["display"]) == (settings.SITE_NAME, "standalone")
    assert {each["purpose"] for each in about["icons"]} == {"any", "maskable"}


@pytest.mark.parametrize(("name", "size", "purpose"), views.ICONS)
def test_an_icon_of_the_home_screen_has_the_size_that_is_said_of_it(name, size, purpose):
    with Image.open(settings.BASE_DIR / "static" / f"{name}.png") as picture:
        assert picture.size == (size, size)
        assert (picture.convert("RGBA").getpixel((0, 0))[3] == 255) == (purpose == "maskable")
