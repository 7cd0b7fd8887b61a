"""What people add to an incident on its page."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from incidents.models import EvidencePicture
from portal.core.problems import Conflict, Refused
from runbooks.models import Run
from tests.incidents.world import declare, make_policy, make_service
from tests.onboarding.world import png

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(rita):
    return declare(rita, services=[make_service()])


@pytest.fixture
def page(client_of, rita, incident):
    """post("notes/", text="…") as rita."""
    client = client_of(rita)

    def post(what, **data):
        return client.post(f"{incident.get_absolute_url()}{what}", data)

    return post


def test_an_entry_is_added_once(page, incident):
    key = str(uuid4())
    for _ in range(2):
        answer = page("notes/", text="We fail over", kind="decision", once=key)
        assert answer.headers["Location"] == f"{incident.get_absolute_url()}#timeline"

    assert [each.text for each in incident.entries.of_kinds("decision")] == ["We fail over"]


def test_a_picture_is_evidence(page, incident, client_of, nina):
    file = SimpleUploadedFile("shot.png", png().read(), "image/png")

    assert page("notes/", text="", picture=file).status_code == 302

    picture = EvidencePicture.objects.get()
    assert picture.entry.kind == "evidence"
    answer = client_of(nina).get(picture.get_absolute_url())
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "image/png"
    assert (
        picture.get_absolute_url()
        in client_of(nina).get(incident.get_absolute_url()).content.decode()
    )


def test_what_is_no_picture_is_refused_and_nothing_typed_is_lost(page, incident):
    file = SimpleUploadedFile("shot.png", b"<svg onload=alert(1)>", "image/png")

    answer = page("notes/", text="What I saw", picture=file)

    assert answer.status_code == 400 and "What I saw" in answer.content.decode()
    assert not EvidencePicture.objects.exists()


@pytest.mark.parametrize(
    "data", [{"text": ""}, {"text": "x" * 20_001}, {"text": "x", "kind": "state"}]
)
def test_an_entry_that_says_nothing_or_too_much_is_refused(data, page, incident):
    before = incident.entries.count()

    assert page("notes/", **data).status_code == 400
    assert incident.entries.count() == before


def test_what_was_wrong_is_corrected_by_another_entry(page, incident, rita, client_of):
    wrong = incident.note("At 8 GB", by=rita)
    form = client_of(rita).get(f"{incident.get_absolute_url()}?correct={wrong.pk}")
    assert "Correct the entry" in form.content.decode()

    assert page("notes/", text="At 6 GB", corrects=wrong.pk).status_code == 302

    new = incident.entries.last()
    assert (new.kind, new.corrects) == ("correction", wrong)
    assert "Corrected at" in client_of(rita).get(incident.get_absolute_url()).content.decode()


def test_an_entry_of_another_incident_is_neither_corrected_nor_pinned(page, rita):
    other = declare(rita).note("Elsewhere", by=rita)

    assert page("notes/", text="x", corrects=other.pk).status_code == 404
    assert page(f"entries/{other.pk}/pin/").status_code == 404


def test_a_pinned_entry_stands_above_until_it_is_unpinned(page, incident, rita, client_of):
    entry = incident.note("The call is on 1234", by=rita)

    page(f"entries/{entry.pk}/pin/")
    html = client_of(rita).get(incident.get_absolute_url()).content.decode()
    assert html.count("The call is on 1234") == 2 and 'class="pinned"' in html

    page(f"entries/{entry.pk}/pin/", off="1")
    assert not incident.entries.pinned().exists()


def test_a_role_is_taken_and_handed_over(page, incident, rita, alice, nina):
    page("roles/", role="scribe", take="1")
    assert incident.holder("scribe") == rita

    page("roles/", role="scribe", person=str(alice))
    assert incident.holder("scribe") == alice

    assert page("roles/", role="scribe", person=str(nina)).status_code == 400
    assert page("roles/", role="king", take="1").status_code == 400
    page("roles/", role="scribe", person="")
    assert incident.holder("scribe") is None


def test_tasks_are_added_and_done_once(page, incident, rita):
    page("tasks/", text="Call the bank", owner=str(rita))
    task = incident.tasks.get()

    for _ in range(2):
        assert page(f"tasks/{task.pk}/complete/").status_code == 302

    texts = [each.text for each in incident.entries.of_kinds("task")]
    assert texts == [f"New: Call the bank ({rita})", "Done: Call the bank"]
    assert page("tasks/", text="").status_code == 400


@pytest.mark.parametrize(
    ("what", "data", "kind"),
    [
        ("tasks/", {"text": "Call the bank"}, "task"),
        ("links/", {"url": "https://meet.example.org/1"}, "link"),
        ("escalate/", {"text": "I need help"}, "escalated"),
    ],
)
def test_a_second_click_makes_nothing(what, data, kind, rita, page, incident):
    incident.plan = make_policy(rita).plan()
    incident.save(update_fields=["plan"])
    key = str(uuid4())
    for _ in range(2):
        assert page(what, once=key, **data).headers["Location"] == incident.get_absolute_url()
    assert incident.entries.of_kinds(kind).count() == 1

    page(what, once=str(uuid4()), **data)
    assert incident.entries.of_kinds(kind).count() == 2


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "nonsense with spaces", "ftp//x"])
def test_a_link_leads_to_a_web_address(url, page, incident):
    assert page("links/", url="https://meet.example.org/1", title="Call").status_code == 302
    assert page("links/", url=url).status_code == 400
    assert [each.title for each in incident.links.all()] == ["Call"]


def test_a_service_is_said_to_be_down_or_not_affected(page, incident):
    make_service("search")

    page("services/", service="Search", impact="down")
    assert incident.affected.get(service__slug="search").impact == "down"

    page("services/", service="Search", impact="down", spare="1")
    assert not incident.affected.filter(service__slug="search").exists()
    assert page("services/", service="Nowhere", impact="down").status_code == 400


def test_the_runbook_is_started_once_and_belongs_to_it(page, incident, disk, rita, client_of):
    assert page("runs/start/").status_code == 400  # it was opened without one
    type(incident).objects.filter(pk=incident.pk).update(runbook_version=disk.published)
    form = client_of(rita).get(f"{incident.get_absolute_url()}runs/start/").content.decode()
    assert "Its steps stand in the timeline" in form

    key = str(uuid4())
    for _ in range(2):
        answer = page("runs/start/", once=key, **{"p-host": "db1"})

    run = Run.objects.get()
    assert answer.headers["Location"] == run.get_absolute_url()
    assert incident.incident_runs.get().run == run


def test_a_run_belongs_to_one_incident(page, incident, disk, rita):
    run = Run.objects.start(disk, by=rita, parameters={"host": "db1"})
    other = Run.objects.start(disk, by=rita, parameters={"host": "db1"})
    declare(rita).join_run(other, by=rita)

    assert page("runs/", run=run.pk).status_code == 302
    refused = page("runs/", run=other.pk)
    assert refused.status_code == 409 and "belongs to INC-" in refused.content.decode()
    assert page("runs/", run=999).status_code == 400
    assert page("runs/", run="x").status_code == 400


@pytest.mark.anywhere
def test_a_run_of_a_restricted_one_is_refused_without_naming_it(incident, disk, rita, alice):
    run = Run.objects.start(disk, by=rita, parameters={"host": "db1"})
    declare(rita, is_restricted=True).join_run(run, by=rita)

    with pytest.raises(Conflict, match=f"^Run {run.pk} cannot be added.$"):
        incident.join_run(run, by=alice)


@pytest.mark.anywhere
def test_a_task_is_of_somebody_who_may_work_on_it(incident, rita, nina):
    with pytest.raises(Refused) as refusal:
        incident.add_task("Call the bank", by=rita, owner=nina)

    assert refusal.value.extra["pointer"] == "/owner"
    assert not incident.tasks.exists() and not incident.participants.filter(person=nina).exists()


@pytest.mark.anywhere
def test_only_who_had_a_role_gives_it_back(incident, rita, alice):
    for by, said in ((rita, "had it"), (alice, "gave it back")):
        incident.assign("scribe", alice, by=rita)
        incident.assign("scribe", None, by=by)
        assert incident.entries.last().text == f"Scribe: nobody, {alice} {said}"


@pytest.mark.anywhere
@pytest.mark.parametrize(
    ("what", "typed", "said"),
    [
        ("tasks/", {"text": "Call the bank", "owner": "Nemo"}, "Nemo"),
        ("roles/", {"role": "scribe", "person": "Nemo"}, "Nemo"),
        ("services/", {"service": "Nowhere", "impact": "down"}, "Nowhere"),
        ("runs/", {"run": "999"}, "There is no run 999."),
        ("links/", {"url": "nonsense with spaces", "title": "Call"}, "nonsense with spaces"),
    ],
)
def test_what_is_refused_stands_in_its_form_with_all_that_was_typed(what, typed, said, page):
    answer = page(what, **typed)

    html = answer.content.decode()
    form = re.search(r'<details class="opens[^>]* open>.*?</details>', html, re.DOTALL)
    assert answer.status_code == 400 and 'id="room-timeline"' in html
    assert form and said in form[0] and "autofocus" in form[0] and 'class="errors"' in form[0]
    assert all(value in form[0] for value in typed.values())


@pytest.mark.anywhere
def test_a_run_that_was_started_here_is_one_line(page, incident, disk, rita, client_of):
    type(incident).objects.filter(pk=incident.pk).update(runbook_version=disk.published)
    page("runs/start/", **{"p-host": "db1"})
    started = client_of(rita).get(incident.get_absolute_url()).content.decode()
    assert "added a run" not in started and "started" in started

    incident.join_run(Run.objects.start(disk, by=rita, parameters={"host": "db2"}), by=rita)
    assert "added a run" in client_of(rita).get(incident.get_absolute_url()).content.decode()


@pytest.mark.anywhere
@pytest.mark.parametrize(
    "what", ["notes/", "roles/", "tasks/", "links/", "services/", "runs/", "entries/1/pin/"]
)
def test_readers_add_nothing(what, incident, client_of, nina):
    address = f"{incident.get_absolute_url()}{what}"

    assert client_of(nina).post(address, {"text": "x"}).status_code == 403
    assert client_of(nina).get(address).headers["Location"] == incident.get_absolute_url()
    html = client_of(nina).get(incident.get_absolute_url()).content.decode()
    assert not re.search("<form[^>]*method=.post", html.partition('id="main"')[2])
