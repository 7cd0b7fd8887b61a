"""Hostile names of one runbook or service, and the pages of all the others."""

import pytest

from portal.architecture.models import Service
from runbooks.models import Runbook
from tests.onboarding.world import KEY, make_guide, make_questions

pytestmark = pytest.mark.django_db
NAMES = ["a\x1fb", "a\x1eb", "a\x1fno address/\x1eb", "a\x02b\x03c", "\u202eb", "a\u2028b"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_breaks_no_page_that_mentions_it(client, nina, alice, disk, publish, name):
    service = Service.objects.create(slug="shop", name=name)
    disk.describe(services=[service])
    other = Runbook.objects.start(name, by=alice, text="[disk](/runbooks/disk-fills-up/)")
    publish(other.newest)
    client.force_login(nina)

    guides = _guide_called(name, alice)
    pages = (disk.get_absolute_url(), other.get_absolute_url(), "/runbooks/", "/services/")
    for address in (*pages, *guides):
        page = client.get(address)
        assert page.status_code == 200, address
    page = client.get(disk.get_absolute_url()).content.decode()
    assert other.get_absolute_url() in page and "/services/shop/" in page


def _guide_called(name: str, by) -> list[str]:
    """The pages of a guide and a question of this name."""
    guide = make_guide(by, name)
    make_questions(guide, "hostile")
    guide.questions.update(question=name, topic=name)
    own = guide.get_absolute_url()
    return ["/", "/guides/", own, f"{own}all/", f"{own}steps/{KEY}/", "/guides/questions/"]
