"""An import ends where the disk is full: said as such, and not as a fault of the files."""

import pytest
from django.core.management import CommandError, call_command

from onboarding.models import Guide, Question
from portal.core.data.outages import stop_at_outage
from runbooks.models import Image
from tests.onboarding.conftest import png
from tests.onboarding.test_admin_files import GUIDE, send
from tests.packing import packed

pytestmark = pytest.mark.django_db
FILES = {
    "a/guide.md": b"# First\n\n## Open it\n",
    "b/guide.md": GUIDE.encode(),
    "b/page.png": png().getvalue(),
    "questions/q.md": b"# Signing in\n\n## Where?\n\nThere.\n",
}


@pytest.fixture
def full_disk(settings):
    full = {"BACKEND": "tests.house.full_disk.FullStorage"}
    settings.STORAGES = settings.STORAGES | {"default": full}


@pytest.fixture
def folder(tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_guides_from_a_file_are_507(full_disk, client_of, alice):
    client = client_of(alice)
    client.raise_request_exception = False

    answer = send(client, packed(FILES))

    assert answer.status_code == 507
    assert "The disk of the portal is full" in answer.content.decode()
    assert not Guide.objects.filter(slug="b").exists() and not Question.objects.exists()


@pytest.mark.parametrize("command", ["import_guides", "import_docs"])
def test_commands_end_and_say_so(full_disk, folder, command):
    with pytest.raises(CommandError, match="disk of the portal is full"):
        call_command(command, folder, quiet=True)

    assert not Image.objects.exists()


def test_what_is_wrong_with_one_file_stops_no_other():
    for error in (ValueError("x"), FileNotFoundError(2, "gone"), PermissionError(13, "no")):
        stop_at_outage(error)
