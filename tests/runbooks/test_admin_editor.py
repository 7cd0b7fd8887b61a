"""What stands behind the editor: preview and images, for staff, under our own views."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from markdownx import views as shipped
from PIL import Image as Picture

from runbooks.models import Image

PREVIEW = reverse("markdownx_markdownify")
UPLOAD = reverse("markdownx_upload")
JSON = {"Accept": "application/json"}


def png(name="wall.png") -> SimpleUploadedFile:
    file = BytesIO()
    Picture.new("RGB", (8, 4), "red").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), content_type="image/png")


@pytest.fixture
def browser(client_of, alice):
    return client_of(alice, headers=JSON)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_the_preview_shows_page_steps_and_findings(browser, disk):
    text = "## Symptom\n\nSee [that](nowhere.md).\n\n1. Look: `ls {{ folder }}`\n2. Think.\n"
    page = browser.post(PREVIEW, {"content": text, "runbook": disk.slug, "kind": disk.kind})

    shown = page.content.decode()
    assert page.status_code == 200
    assert '<article class="doc" data-paper>' in shown
    assert "2 steps" in shown
    assert "nowhere.md" in shown
    assert "owner" in shown.lower()


def test_the_preview_is_harmless(browser):
    text = "<script>alert(1)</script> [x](javascript:alert(1)) <placeholder>"
    shown = browser.post(PREVIEW, {"content": text, "kind": "reference"}).content.decode()

    assert "<script" not in shown
    assert 'href="javascript' not in shown
    assert "&lt;placeholder&gt;" in shown


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"content": "x" * 140_000}, 413),
        ({"content": "a\x00b"}, 400),
        ({"content": "a", "kind": "nonsense"}, 400),
        ({"content": "a", "runbook": "nobody"}, 404),
        ({}, 200),
    ],
)
def test_what_cannot_be_previewed_is_said(browser, sent, status):
    assert browser.post(PREVIEW, sent).status_code == status


def test_an_image_is_kept_and_its_markdown_answered(browser, alice, disk):
    answer = browser.post(UPLOAD, {"image": png(), "alt": "A [red] wall", "runbook": disk.slug})

    image = Image.objects.get()
    assert answer.status_code == 201
    assert answer.json()["markdown"] == rf"![A \[red\] wall]({image.get_absolute_url()})"
    assert (image.alt, image.uploaded_by, image.runbook) == ("A [red] wall", alice, disk)
    assert (image.width, image.height) == (8, 4)


@pytest.mark.parametrize(
    "sent",
    [
        {"alt": "No file"},
        {"image": png(), "alt": "  "},
        {"image": png()},
        {"image": SimpleUploadedFile("a.png", b"<svg onload=alert(1)></svg>"), "alt": "Drawing"},
        {"image": SimpleUploadedFile("a.svg", b"<svg/>", "image/svg+xml"), "alt": "Drawing"},
        {"image": SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n broken"), "alt": "Broken"},
        {"image": SimpleUploadedFile("a.php", b"<?php"), "alt": "Program"},
    ],
    ids=["no file", "blank alt", "no alt", "svg as png", "svg", "broken", "program"],
)
def test_what_is_no_safe_described_image_is_refused(browser, sent):
    for part in sent.values():
        if hasattr(part, "seek"):
            part.seek(0)
    answer = browser.post(UPLOAD, sent)

    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert not Image.objects.exists()


@pytest.mark.parametrize("address", [PREVIEW, UPLOAD])
def test_only_staff_gets_an_answer(client, client_of, people, address):
    assert "sign-in" in client.post(address, {"content": "x"}).url
    for role in ("reader", "responder"):
        assert client_of(people[role]).post(address, {"content": "x"}).status_code == 403


@pytest.mark.parametrize("address", [PREVIEW, UPLOAD])
def test_they_are_posts_with_a_token(client_of, alice, address):
    assert client_of(alice).get(address).status_code == 405
    assert client_of(alice, enforce_csrf_checks=True).post(address, {}).status_code == 403


def test_the_views_that_markdownx_ships_are_unreachable(client_of, alice):
    def views(patterns):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from views(pattern.url_patterns)
            else:
                yield getattr(pattern.callback, "view_class", pattern.callback)

    reachable = set(views(get_resolver().url_patterns))
    assert not reachable & {shipped.MarkdownifyView, shipped.ImageUploadView}
    for address in ("/markdownx/markdownify/", "/markdownx/upload/"):
        assert client_of(alice).post(address, {"content": "x"}).status_code == 404


def test_the_editor_names_our_views_and_loads_no_script_of_markdownx(browser, disk):
    for address in (
        reverse("admin:runbooks_runbook_add"),
        reverse("admin:runbooks_runbook_change", args=[disk.pk]),
    ):
        page = browser.get(address).content.decode()
        assert f'data-markdownx-urls-path="{PREVIEW}"' in page
        assert f'data-markdownx-upload-urls-path="{UPLOAD}"' in page
        assert "js/admin-editor" in page
        assert "markdownx.min.js" not in page
        assert "markdownx/js" not in page
