"""Files of a transaction that was undone: nothing leads to them, and the engine deletes them."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from onboarding.models import Screenshot
from portal.core import jobs
from portal.core.media import files
from portal.core.media.uploads import store_image
from runbooks.models import Image
from tests.onboarding.conftest import first_day, picture_of, png  # noqa: F401

pytestmark = pytest.mark.django_db
LATER = timezone.now() + timedelta(days=2)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def undone(alice):
    """A picture whose file was written and whose row was not committed."""
    with suppress(RuntimeError), transaction.atomic():
        picture = Image.objects.keep(store_image(png(), name="a.png"), alt="", by=alice)
        raise RuntimeError("whatever came after it")
    assert not Image.objects.exists() and default_storage.exists(picture.path)
    return picture


def test_a_day_later_the_file_of_an_undone_transaction_is_gone(undone):
    jobs.sweep(timezone.now())
    assert default_storage.exists(undone.path)  # its transaction may still go on

    jobs.sweep(LATER)
    assert not default_storage.exists(undone.path)
    assert files._names("unsettled/images") == []


def test_what_was_committed_stays(alice, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        picture = Image.objects.keep(store_image(png(), name="a.png"), alt="", by=alice)
    assert files._names("unsettled/images") == []

    jobs.sweep(LATER)
    assert default_storage.exists(picture.path)


def test_what_was_committed_stays_though_its_note_does_too(alice):
    """Killed between the commit and what comes after it."""
    picture = Image.objects.keep(store_image(png(), name="a.png"), alt="", by=alice)
    assert files._names("unsettled/images") == [picture.name]

    jobs.sweep(LATER)
    assert default_storage.exists(picture.path)
    assert files._names("unsettled/images") == []


def test_files_without_a_note_are_never_deleted(undone):
    """Those of a portal whose database was lost, above all."""
    default_storage.delete(f"unsettled/{undone.path}")

    jobs.sweep(LATER)
    assert default_storage.exists(undone.path)


def test_pictures_and_films_of_guides_are_swept_too(first_day, alice):  # noqa: F811
    with suppress(RuntimeError), transaction.atomic():
        shot = Screenshot.objects.keep(
            store_image(png(), name="a.png"), alt="", by=alice, guide=first_day
        )
        raise RuntimeError("whatever came after it")

    jobs.sweep(LATER)
    assert not default_storage.exists(shot.path)
