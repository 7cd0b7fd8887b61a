from datetime import timedelta
from filecmp import dircmp
from io import BytesIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from PIL import Image as Picture

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.media.uploads import store_image
from runbooks.files.block import strip
from runbooks.files.exporter import Export
from runbooks.files.importer import Import
from runbooks.models import AlertName, Image, Link, Runbook, Version

pytestmark = pytest.mark.django_db
REAL = {"runbooks-prometheus-operator": 121, "incident-response-pagerduty": 37}


def bring_in(folder, **options):
    work = Import(folder, at=timezone.now(), **options)
    return work, {outcome.path: outcome.state for outcome in work.run()}


def take_out(folder):
    return {outcome.path: outcome.state for outcome in Export(folder).run()}


def empty_the_portal():
    Runbook.objects.update(published=None, merged_into=None)
    for model in (Version, Image, Link, Runbook, Team, Service):
        model.objects.all().delete()


def same(left, right):
    """Whether two folders hold the same files with the same bytes."""
    found = dircmp(left, right, ignore=[])
    return not (found.left_only or found.right_only or found.diff_files) and all(
        same(left / name, right / name) for name in found.common_dirs
    )


def upload(alice, runbook=None, kind="JPEG"):
    written = BytesIO()
    Picture.effect_noise((80, 50), 60).convert("RGB").save(written, kind)
    written.seek(0)
    stored = store_image(written)
    return Image.objects.keep(stored, alt="noise", by=alice, runbook=runbook)


@pytest.fixture
def library(alice, paul):
    """A portal with something of everything that an export has to carry."""
    now = timezone.now() - timedelta(days=9)
    team = Team.objects.create(slug="platform", name="platform")
    shop = Service.objects.create(slug="shop", name="shop")
    start = Runbook.objects.start
    failover = start(
        "Fail over", by=alice, kind="recovery", owner=team, services=[shop], alerts=["B", "A"]
    )
    failover.adopt("---\ntitle: Fail over\n---\n[Old](old.md)\n", by=alice, note="First", at=now)
    failover.adopt(
        "---\ntitle: Fail over\n---\n[Old](old.md) 2\n", by=paul, note='“Second”: x\n"y"'
    )
    failover.describe(slug="fail-over-now", review_days=30)
    for title in ("Old", "Merged", "Moved", "Plain"):
        start(title, by=alice).adopt(f"About {title}, see [it](fail-over.md)\r\n", by=alice, at=now)
    runbooks = {runbook.title: runbook for runbook in Runbook.objects.all()}
    runbooks["Old"].archive(by=paul)
    runbooks["Merged"].merge_into(runbooks["Plain"], by=paul)
    runbooks["Moved"].describe(section="api")
    runbooks["Plain"].confirm_review(by=paul)
    start("Never published", by=alice, text="draft")
    for kind in ("JPEG", "PNG", "WEBP"):
        image = upload(alice, failover, kind)
        text = Runbook.objects.get(title="Fail over").published.text
        failover.adopt(f"{text}\n![noise](/media/{image.name})\n", by=alice)
    failover.ask_review("Not helpful to Nina: ünclear")
    return Runbook.objects.get(title="Fail over")


def test_an_export_imported_and_exported_is_the_same_to_the_byte(library, tmp_path):
    assert set(take_out(tmp_path / "one").values()) == {"created"}
    empty_the_portal()

    _, states = bring_in(tmp_path / "one")
    take_out(tmp_path / "two")

    assert set(states.values()) == {"created"}
    assert same(tmp_path / "one", tmp_path / "two")
    assert not (tmp_path / "one" / "runbooks" / "never-published.md").exists()


def test_what_the_portal_knew_is_known_again(library, tmp_path):
    shown = library.versions.filter(published_at__isnull=False).order_by("number")
    before = list(shown.values_list("note", flat=True))
    images = set(Image.objects.values_list("name", "sha256"))
    take_out(tmp_path)
    empty_the_portal()
    bring_in(tmp_path)

    again = Runbook.objects.get(slug="fail-over-now")
    assert (again.kind, again.owner.slug, again.review_days) == ("recovery", "platform", 30)
    assert set(again.alerts.values_list("name", flat=True)) == {"A", "B"}
    assert Runbook.objects.at("fail-over") == again
    assert again.review_asked == "Not helpful to Nina: ünclear"
    assert [entry["note"] for entry in again.earlier_history] + [again.published.note] == before
    assert Runbook.objects.get(title="Merged").merged_into.title == "Plain"
    assert Runbook.objects.get(title="Old").archived_at
    assert Runbook.objects.get(title="Moved").section == "api"
    assert set(Image.objects.values_list("name", "sha256")) == images
    assert again.images.count() == 3
    assert not Link.objects.filter(broken=True).exists()


ALERT = "# {}\n\n## Meaning\n\nx\n\n## Impact\n\ny\n"


@pytest.fixture
def twins(tmp_path):
    """Two trees with a file of one name each, so that each lets guess the same alert."""
    front = "---\nowner: {}\nsection: api\naliases: [/old/disk]\n---\n"
    for name in ("zoo", "ant"):
        folder = tmp_path / name / "alerts"
        folder.mkdir(parents=True)
        (folder / "DiskFull.md").write_text(front.format(name) + ALERT.format("DiskFull"))
        (folder / "KubeDown.md").write_text(ALERT.format("KubeDown"))
        bring_in(tmp_path / name)
    return tmp_path


def known():
    """What the portal knows besides the texts, by path."""
    return {
        runbook.source_path: (
            *(runbook.slug, runbook.title, runbook.kind, runbook.section, runbook.review_days),
            (runbook.owner and (runbook.owner.slug, runbook.owner.name)),
            [(service.slug, service.name) for service in runbook.services.all()],
            [alert.name for alert in runbook.alerts.all()],
            [address.slug for address in runbook.addresses.all()],
        )
        for runbook in Runbook.objects.all()
    }


def test_what_a_text_lets_guess_is_not_taken_from_who_has_it(twins, alice):
    """The other file of the name comes first in an export; what was changed here counts, too."""
    team = Team.objects.create(slug="disks", name="Disks and volumes")
    shop = Service.objects.create(slug="shop", name="Shop front")
    first = Runbook.objects.get(source_path="runbooks/zoo/alerts/DiskFull.md")
    first.describe(owner=team, services=[shop], section="runbooks", review_days=30)
    second = Runbook.objects.get(source_path="runbooks/ant/alerts/DiskFull.md")
    second.describe(owner=None, kind="reference")
    before = known()
    take_out(twins / "one")
    empty_the_portal()

    bring_in(twins / "one")

    assert {path: before[path] for path in before if "/ant/" not in path} == {
        path: facts for path, facts in known().items() if "/ant/" not in path
    }
    assert known() == before
    take_out(twins / "two")
    assert same(twins / "one", twins / "two")


def test_an_import_into_the_same_portal_changes_nothing(library, tmp_path):
    take_out(tmp_path)

    _, states = bring_in(tmp_path)

    assert set(states.values()) == {"unchanged"}
    assert set(take_out(tmp_path).values()) == {"unchanged"}


def test_a_runbook_that_changed_its_section_moves(library, tmp_path):
    take_out(tmp_path)

    text, values = strip((tmp_path / "api" / "moved.md").read_bytes().decode())

    assert text == "About Moved, see [it](fail-over.md)\r\n"
    assert values["path"] == "runbooks/moved.md"


def test_a_moved_file_is_the_same_runbook(library, tmp_path):
    take_out(tmp_path)
    (tmp_path / "runbooks" / "plain.md").rename(tmp_path / "user-guide.md")
    (tmp_path / "user-guide").mkdir()
    (tmp_path / "user-guide.md").rename(tmp_path / "user-guide" / "plain.md")

    _, states = bring_in(tmp_path)

    assert states["user-guide/plain.md"] == "updated"
    assert Runbook.objects.get(title="Plain").source_path == "user-guide/plain.md"


def test_a_file_that_somebody_changed_is_not_overwritten(library, tmp_path):
    take_out(tmp_path)
    file = tmp_path / "runbooks" / "plain.md"
    file.write_text("Mine\n")

    assert take_out(tmp_path)["runbooks/plain.md"] == "refused"
    assert file.read_text() == "Mine\n"


def test_a_link_in_the_folder_leads_no_file_out_of_it(library, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "api").symlink_to(tmp_path / "outside")

    assert take_out(tmp_path / "out")["api/moved.md"] == "refused"
    assert not list((tmp_path / "outside").iterdir())


def test_a_text_changed_on_both_sides_of_an_export_becomes_a_draft(library, alice, tmp_path):
    take_out(tmp_path)
    file = tmp_path / "runbooks" / "plain.md"
    file.write_bytes(file.read_bytes() + b"File\n")
    Runbook.objects.get(title="Plain").adopt("Portal\n", by=alice)

    _, states = bring_in(tmp_path)

    assert states["runbooks/plain.md"] == "draft"
    assert Runbook.objects.get(title="Plain").published.text == "Portal\n"


@pytest.mark.anywhere
@pytest.mark.parametrize("name", REAL)
def test_real_documents_keep_every_body_and_link_and_survive_a_move(name, shared, tmp_path):
    folder = shared(name)
    originals = {path: path.read_bytes() for path in folder.rglob("*.md")}

    work, states = bring_in(folder)
    call_command("export_docs", tmp_path / "one", quiet=True)

    assert len(originals) == REAL[name]
    assert set(states.values()) - {"skipped"} == {"created"}
    for path, content in originals.items():
        file = tmp_path / "one" / "runbooks" / name / path.relative_to(folder)
        assert strip(file.read_bytes().decode())[0].encode() == content
    assert {link.target for link in work.broken if link.is_new} <= {"LICENSE"}
    if name == "runbooks-prometheus-operator":
        assert AlertName.objects.filter(name="KubePodCrashLooping").exists()
        assert not work.broken

    empty_the_portal()
    bring_in(tmp_path / "one")
    take_out(tmp_path / "two")
    assert same(tmp_path / "one", tmp_path / "two")
