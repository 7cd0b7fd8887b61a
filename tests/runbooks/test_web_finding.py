"""From an alert to a runbook; and pictures."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Picture

from portal.accounts.models import Team
from portal.architecture.models import Service
from runbooks.alerts.nearest import is_same, nearest
from runbooks.models import Gap, Image, Kind, Runbook, Template, gaps
from runbooks.problems import WrongState

pytestmark = pytest.mark.django_db


def test_an_alert_leads_to_its_runbook(client, nina, disk):
    client.force_login(nina)

    assert client.get("/r/alert/DiskFillsUp").url == disk.get_absolute_url()
    assert client.get("/r/alert/diskfillsup").url == disk.get_absolute_url()
    assert not Gap.objects.exists()


def test_an_unknown_alert_offers_the_nearest_and_is_counted(client, nina, disk):
    client.force_login(nina)

    response = client.get("/r/alert/DiskFillsUpFast")
    client.get("/r/alert/DiskFillsUpFast")

    assert response.status_code == 200
    assert b"Disk fills up" in response.content
    assert b"Draft one" not in response.content
    assert Gap.objects.get().count == 2


def test_whoever_was_called_finds_words_to_search_a_team_and_the_nearest(
    client_of, rita, nina, disk, olga
):
    team = Team.objects.create(slug="storage", name="Storage", email="storage@example.org")
    disk.describe(owner=team)
    page = client_of(rita).get("/r/alert/DiskFillsUpFast").content.decode()

    assert 'value="disk fills up fast"' in page
    start = reverse("runbooks:start-run", args=[disk.slug])
    assert f'href="{start}"' in page and "Follow “Disk fills up”" in page
    assert 'href="mailto:storage@example.org"' in page
    assert f'owns <a href="{disk.get_absolute_url()}">Disk fills up</a>' in page
    assert start not in client_of(nina).get("/r/alert/DiskFillsUpFast").content.decode()


def test_a_runbook_that_only_shares_a_word_is_listed_but_not_offered_to_follow(
    client_of, rita, disk
):
    page = client_of(rita).get("/r/alert/KubePodDisk").content.decode()

    assert disk.get_absolute_url() in page
    assert reverse("runbooks:start-run", args=[disk.slug]) not in page


def test_every_alert_name_of_a_runbook_is_compared(client_of, rita, disk):
    disk.alerts.create(name="VolumeHasNoRoom")
    page = client_of(rita).get("/r/alert/DiskFillsUpFast").content.decode()

    assert "Follow “Disk fills up”" in page


@pytest.mark.parametrize(
    ("alert", "name"),
    [
        ("PaymentsDatabaseDown", "OrdersDatabaseDown"),
        ("PaymentsDatabaseDown", "DatabaseDown"),
        ("OrdersDb1Down", "OrdersDb2Down"),
        ("DatabaseUp", "DatabaseDown"),
        ("ÖrdersDatabaseDown", "ÄrdersDatabaseDown"),
        ("critical", "warning"),
    ],
)
def test_the_runbook_of_another_database_is_listed_and_never_offered_to_follow(
    alert, name, client_of, rita, disk
):
    disk.describe(alerts=[name])
    page = client_of(rita).get(f"/r/alert/{alert}").content.decode()

    assert name == "warning" or disk.get_absolute_url() in page
    assert reverse("runbooks:start-run", args=[disk.slug]) not in page


@pytest.mark.parametrize("alert", ["disk_fills_up", "DiskFillsUpCritical", "disk-fills-up-now"])
def test_a_name_that_says_the_same_in_other_letters_is_offered_to_follow(alert):
    assert is_same(alert, "DiskFillsUp")


def test_a_runbook_of_many_like_names_takes_one_place(client_of, rita, alice, disk, publish):
    disk.describe(alerts=["DiskFull", "DiskFullNow", "DiskFullSoon", "DiskFullVar", "DiskFullLog"])
    hidden = [f"DiskFullLogs{letter}" for letter in "abcde"]
    Runbook.objects.start("Not yet", by=alice, text="1. Wait", alerts=hidden)
    logs = Runbook.objects.start("Rotate", by=alice, text="1. Go", alerts=["XDiskFullLogs"])
    publish(logs.newest)

    assert nearest("DiskFullLogs", user=rita)[:2] == [logs, disk]


def test_a_document_about_the_portal_is_near_by_its_alert_name_only(
    client_of, rita, alice, disk, publish
):
    publish(Runbook.objects.start("Other work", by=alice, text="1. Do it.").newest)
    disk.services.add(Service.objects.create(slug="ops-portal", name="Ops Portal"))

    by_word = client_of(rita).get("/r/alert/KubePodDisk").content.decode()
    by_name = client_of(rita).get("/r/alert/DiskFillsUpFast").content.decode()

    assert disk.get_absolute_url() not in by_word
    assert disk.get_absolute_url() in by_name


def test_the_owner_of_a_service_with_the_words_is_named(client_of, rita):
    team = Team.objects.create(slug="shop", name="Shop team", email="shop@example.org")
    Service.objects.create(slug="checkout", name="Checkout", owner=team)
    page = client_of(rita).get("/r/alert/CheckoutLatencyHigh").content.decode()

    assert 'owns <a href="/services/checkout/">Checkout</a>' in page
    assert "Closest matches" in page and "None has a similar name" in page


def test_a_draft_that_answers_it_is_named_to_those_who_may_see_it(client_of, alice, rita):
    runbook = Runbook.objects.start("Shop down", by=alice, text="1. Go", alerts=["ShopDown"])
    runbook.newest.submit(by=alice)
    page = client_of(alice).get("/r/alert/ShopDown").content.decode()

    assert 'A draft answers it: <a href="/runbooks/shop-down/">Shop down</a>' in page
    assert "v1 by Alice Author is not published" in page and "In review" in page
    readers = client_of(rita).get("/r/alert/ShopDown").content.decode()
    assert "Shop down" not in readers
    assert "It is counted among" not in page + readers and not Gap.objects.open().exists()


def test_whoever_was_called_by_a_dismissed_alert_reads_why(gap, alice, rita, client_of):
    page = client_of(rita).get("/r/alert/Flaps").content.decode()
    assert "It is counted among the alerts without a runbook" in page

    gap.dismiss(by=alice, reason="Staging <only>", at=datetime(2026, 5, 4, 12, tzinfo=UTC))
    page = client_of(rita).get("/r/alert/Flaps").content.decode()
    assert "Alice Author dismissed it on 4 May 2026:" in page and "“Staging &lt;only&gt;”" in page
    assert "It is counted among" not in page


def test_however_many_names_are_tried_a_bounded_number_is_kept(nina, client_of, monkeypatch):
    monkeypatch.setattr(gaps, "MOST", 20)
    now = timezone.now()
    Gap.objects.create(name="Wanted", count=9, first_at=now, last_at=now)
    decided = {"first_at": now, "last_at": now, "dismissed_at": now}
    Gap.objects.bulk_create([Gap(name=f"Dismissed{number}", **decided) for number in range(30)])

    for number in range(50):
        client_of(nina).get(f"/r/alert/Tried{number}")

    assert Gap.objects.open().count() <= 20
    assert Gap.objects.dismissed().count() == 30
    assert Gap.objects.filter(name__in=["Wanted", "Tried49"]).count() == 2


def test_the_nearest_names_the_places_of_values_without_braces(client, nina, disk):
    Runbook.objects.filter(pk=disk.pk).update(summary="Bring {{ release }} to production.")
    client.force_login(nina)

    page = client.get("/r/alert/DiskFillsUpFast").content.decode()

    assert "Bring &lt;release&gt; to production." in page


@pytest.mark.parametrize("name", ["a/b", "a b", "%00", "x" * 300, "%F0%9F%92%A5", "..%2F", "'\""])
def test_no_name_is_not_found(client, nina, name):
    client.force_login(nina)

    response = client.get(f"/r/alert/{name}")

    assert response.status_code == 200


def test_a_gap_becomes_a_draft_from_the_template(client, alice):
    Template.objects.update_or_create(
        kind=Kind.TROUBLESHOOTING, defaults={"text": "## Symptom\n\n## Resolution\n"}
    )
    client.force_login(alice)
    client.get("/r/alert/KubePodCrashLooping")
    assert b"KubePodCrashLooping" in client.get("/runbooks/gaps/").content

    response = client.post("/runbooks/draft-alert/", {"alert": "KubePodCrashLooping"})

    runbook = Runbook.objects.get()
    assert response.url == f"{runbook.get_absolute_url()}edit/"
    assert (runbook.title, runbook.kind) == ("Kube pod crash looping", Kind.TROUBLESHOOTING)
    assert "## Symptom" in runbook.newest.text
    assert b"KubePodCrashLooping" not in client.get("/runbooks/gaps/").content


def test_a_second_click_leads_to_the_first_draft(client, alice):
    client.force_login(alice)
    client.post("/runbooks/draft-alert/", {"alert": "ShopDown"})

    response = client.post("/runbooks/draft-alert/", {"alert": "ShopDown"}, follow=True)

    assert response.redirect_chain[-1][0] == "/r/alert/ShopDown"
    page = response.content.decode()
    assert 'A draft answers it: <a href="/runbooks/shop-down/">Shop down</a>' in page
    assert "Draft one from" not in page
    assert Runbook.objects.count() == 1


def test_an_alert_of_an_archived_runbook_is_drafted_nowhere_and_the_page_says_why(
    client_of, alice, paul, disk
):
    disk.archive(by=paul)
    answer = client_of(alice).post("/runbooks/draft-alert/", {"alert": "DiskFillsUp"}, follow=True)

    assert "“Disk fills up”, which is archived. Unarchive it, or merge" in answer.content.decode()
    assert Runbook.objects.count() == 1


def test_malformed_alerts_are_refused(client, alice):
    client.force_login(alice)

    for alert in ("", "two words", "a/b", "x" * 201, "\x00"):
        assert client.post("/runbooks/draft-alert/", {"alert": alert}).status_code == 400


def test_readers_see_no_gaps(client, nina):
    client.force_login(nina)

    assert client.get("/runbooks/gaps/").status_code == 403


@pytest.fixture
def upload(client):
    def upload(person, *, alt="A red square", content=None, **more):
        file = BytesIO()
        Picture.new("RGB", (8, 8), "red").save(file, "PNG")
        image = SimpleUploadedFile("../evil.svg", content or file.getvalue(), "image/svg+xml")
        client.force_login(person)
        data = {"image": image, "alt": alt, **more}
        return client.post("/runbooks/upload/", data, headers={"Accept": "application/json"})

    return upload


def test_a_picture_is_stored_and_shown_where_its_runbook_is(client, alice, nina, disk, upload):
    response = upload(alice, runbook=disk.slug)

    assert response.status_code == 201
    address = response.json()["url"]
    assert response.json()["markdown"] == f"![A red square]({address})"
    client.force_login(nina)
    shown = client.get(address)
    assert shown["Content-Type"] == "image/png"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in shown["Cache-Control"] and "private" in shown["Cache-Control"]
    assert shown["Content-Disposition"] == f'inline; filename="{address.rpartition("/")[2]}"'


def test_pictures_of_drafts_are_not_for_readers(client, alice, nina, upload):
    draft = Runbook.objects.start("Secret plan", by=alice, text="Not yet.")
    attached = upload(alice, runbook=draft.slug).json()["url"]
    loose = upload(alice).json()["url"]

    client.force_login(nina)
    assert client.get(attached).status_code == 404
    assert client.get(loose).status_code == 404
    client.force_login(alice)
    assert client.get(loose).status_code == 200
    assert client.get("/media/nothing.png").status_code == 404


def test_a_picture_uploaded_first_belongs_to_the_runbook_that_shows_it(client, alice, upload):
    markdown = upload(alice).json()["markdown"]
    data = {"title": "With a picture", "section": "runbooks", "kind": "reference", "review_days": 9}

    client.post("/runbooks/new/", {**data, "text": markdown})

    assert Image.objects.get().runbook.slug == "with-a-picture"


def test_a_picture_needs_words_and_pixels(alice, upload):
    assert upload(alice, alt="").json()["code"] == "missing-alt"
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    refused = upload(alice, content=svg)
    assert refused.status_code == 400
    assert not Image.objects.exists()


def test_without_javascript_the_upload_is_a_page(client, alice):
    client.force_login(alice)
    file = BytesIO()
    Picture.new("RGB", (8, 8), "red").save(file, "PNG")
    image = SimpleUploadedFile("a.png", file.getvalue())

    response = client.post("/runbooks/upload/", {"image": image, "alt": "A [red] square"})

    assert response.status_code == 201 and b"\\[red\\]" in response.content


@pytest.fixture
def gap(db):
    now = timezone.now()
    return Gap.objects.create(name="Flaps", count=9, first_at=now, last_at=now)


def test_a_gap_is_dismissed_with_a_reason_and_taken_back(gap, alice, rita, client_of):
    browser, page = client_of(alice), reverse("runbooks:gaps")
    dismiss = reverse("runbooks:dismiss-gap", args=[gap.pk])
    assert f'action="{dismiss}"' in browser.get(page).content.decode()
    assert browser.post(dismiss, {"reason": " "}).status_code == 400
    assert browser.post(dismiss, {"reason": "A test"}).url == page
    assert not Gap.objects.open().exists()

    client_of(rita).get("/r/alert/Flaps")  # looked up once more
    shown = browser.get(page, {"dismissed": "1"}).content.decode()
    assert "A test, Alice Author" in shown and not Gap.objects.open().exists()
    browser.post(reverse("runbooks:take-back-gap", args=[gap.pk]))
    assert [(each.name, each.count) for each in Gap.objects.open()] == [("Flaps", 10)]


def test_of_two_who_decide_the_first_one_does(gap, alice, paul, client_of):
    gap.dismiss(by=alice, reason="A test")
    other = Gap.objects.get()
    with pytest.raises(WrongState, match="Alice Author dismissed it already: “A test”"):
        other.dismiss(by=paul, reason="Mine")
    gap.take_back(by=paul)
    with pytest.raises(WrongState, match="Flaps is not dismissed"):
        other.take_back(by=alice)

    actions = LogEntry.objects.get_for_object(gap).values_list("changes_text", flat=True)
    assert len(actions) == 2 and Gap.objects.open().get() == gap


def test_what_a_runbook_answers_since_is_no_longer_dismissed(gap, alice, disk):
    gap.dismiss(by=alice, reason="A test")
    disk.describe(alerts=["Flaps"])

    assert not Gap.objects.dismissed().exists()


def test_the_administration_shows_a_dismissed_one_and_why(gap, alice, olga, client_of):
    gap.dismiss(by=alice, reason="A test")
    browser, rows = client_of(olga), reverse("admin:runbooks_gap_changelist")

    assert "Flaps" not in browser.get(rows).content.decode()
    assert "A test" in browser.get(rows, {"state": "dismissed"}).content.decode()
    page = browser.get(reverse("admin:runbooks_gap_change", args=[gap.pk])).content.decode()
    assert "A test" in page and "Alice Author" in page


def test_who_sees_no_gaps_dismisses_none(gap, rita, client_of):
    for name in ("dismiss-gap", "take-back-gap"):
        address = reverse(f"runbooks:{name}", args=[gap.pk])
        assert client_of(rita).post(address, {"reason": "x"}).status_code == 403
