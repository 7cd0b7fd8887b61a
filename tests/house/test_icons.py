"""Icons that browsers ask for by name, whatever page they show: a PDF, a picture, an answer."""

import pytest
from django.test import Client

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
