"""Handing a run over: how somebody is named, and that they hear of it."""

import pytest
from django.urls import reverse

from portal.notifications.models import Delivery
from runbooks.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(disk, rita):
    Delivery.objects.all().delete()  # what was told of the runbook itself
    return Run.objects.start(disk, by=rita, parameters={"host": "db1"}, environment="production")


@pytest.fixture
def hand_over(run, rita, client_of):
    def hand_over(**typed):
        address = reverse("runbooks:run-hand-over", args=[run.pk])
        return client_of(rita).post(address, {"note": "", **typed}, follow=True)

    return hand_over


def test_the_other_person_gets_a_mail_with_the_message(run, hand_over, paul):
    answer = hand_over(to="Paul Approver", note="The replica lags. Wait for it.")

    assert "Paul Approver leads it now." in answer.content.decode()
    [mail] = Delivery.objects.all()
    assert (mail.recipient, mail.state) == (paul, "waiting" if paul.email else "failed")
    assert mail.subject == "Handed over to you: Disk fills up, production"
    assert f"Rita Responder handed over run {run.pk} to you" in mail.text
    assert "The replica lags. Wait for it." in mail.text
    assert run.get_absolute_url() in mail.text


def test_it_is_told_once_and_again_when_it_comes_back(run, rita, paul):
    run.hand_over(paul, by=rita)
    run.hand_over(paul, by=rita)
    assert Delivery.objects.count() == 1

    run.hand_over(rita, by=paul)
    run.hand_over(paul, by=rita)
    assert [mail.recipient for mail in Delivery.objects.order_by("pk")] == [paul, rita, paul]


def test_who_takes_the_lead_needs_no_mail(run, paul, client_of):
    client_of(paul).post(reverse("runbooks:run-hand-over", args=[run.pk]), {"take": "1"})

    run.refresh_from_db()
    assert run.holder == paul
    assert not Delivery.objects.exists()


def test_it_stands_on_their_first_page_with_the_message(run, hand_over, paul, rita, client_of):
    assert "since <time" in client_of(rita).get("/").content.decode()
    hand_over(to="Paul Approver", note="Wait for <the> replica")

    page = client_of(paul).get("/").content.decode()
    assert "Your active runs" in page
    assert "production, handed over by Rita Responder on <time" in page
    assert ": “Wait for &lt;the&gt; replica”" in page
    assert "Your active runs" not in client_of(rita).get("/").content.decode()


def test_the_run_tells_them_until_they_do_something(run, hand_over, paul, client_of):
    hand_over(to="Paul Approver", note="Wait for the replica")
    client, address = client_of(paul), run.get_absolute_url()
    assert "Rita Responder handed this run over to you" in client.get(address).content.decode()

    run.complete_step(1, by=paul)
    assert "handed this run over" not in client.get(address).content.decode()


def test_people_are_asked_for_by_name(run, rita, paul, nina, client_of):
    page = client_of(rita).get(run.get_absolute_url()).content.decode()

    assert 'list="hand-over-to-offered"' in page
    assert '<option value="Paul Approver"></option>' in page
    assert "Nina Newcomer" not in page  # she only reads
    assert "user name" not in page


def test_what_is_wrong_with_the_name_stands_at_its_field(run, hand_over, paul):
    answer = hand_over(to="Paul", note="Wait for the replica")

    page = answer.content.decode()
    assert answer.status_code == 400
    field = page[page.index('name="to"') : page.index("What they should know")]
    assert "Nobody is called “Paul”. Did you mean Paul Approver?" in field
    assert 'aria-invalid="true"' in field
    assert "autofocus" in field
    assert 'value="Wait for the replica"' in page
    assert '<details class="block no-print" id="hand-over" open>' in page
    run.refresh_from_db()
    assert run.holder != paul


def test_a_name_left_out_stands_at_its_field_too(run, hand_over):
    answer = hand_over(to=" ")

    assert answer.status_code == 400
    assert "This field is required" in answer.content.decode()


def test_a_run_that_has_ended_is_not_handed_over(run, hand_over, rita, paul):
    run.abort(by=rita, reason="Tea")

    assert hand_over(to="Paul Approver").status_code == 409
    assert not Delivery.objects.exists()


def test_a_reason_that_is_missing_is_asked_for_at_its_field(run, rita, client_of):
    address = reverse("runbooks:run-end", args=[run.pk])
    answer = client_of(rita).post(address, {"outcome": "aborted", "note": " "})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Reason for ending the run" in page
    assert "Say why it is stopped." in page[page.index('id="end-note"') :]
