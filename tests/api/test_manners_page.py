"""docs/api/manners.md is true: its examples are executed, its numbers are those of the code."""

import re

import pytest
from django.conf import settings
from PIL import Image as Pillow

from portal.core.api import pagination
from runbooks.models import Image

PAGE = (settings.BASE_DIR / "docs" / "api" / "manners.md").read_text()
BLOCKS = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.django_db
def test_its_examples_answer(disk, alice, shell, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    Pillow.new("RGB", (2, 2)).save(tmp_path / "shot.png")
    script = "".join(BLOCKS).replace("curl -sS", "curl -sS --fail-with-body")

    said = shell(f"cd {tmp_path}\n{script}", alice, "write")

    for part in ('"addresses"', '"role":"author"', '"slug":"disk-fills-up"', '"markdown"'):
        assert part in said
    assert '"status":412' in said.replace(" ", "")
    assert Image.objects.get().alt == "The dashboard"


def test_its_limits_are_those_of_the_code():
    assert f"1 to {pagination.MOST} rows; {pagination.DEFAULT} if" in PAGE
