"""What people are told of an incident: written, approved, sent once, and kept as it was."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from incidents.models import (
    Audience,
    Communication,
    CommunicationTemplate,
    Component,
    Incident,
    StatusSubscription,
)
from incidents.models.approval import MissingValues, NotApproved
from incidents.problems import WrongState
from portal.accounts.models import Team
from portal.core.problems import Forbidden, Refused, Stale
from portal.notifications.models import Channel, Delivery

from .world import declare, make_service

pytestmark = pytest.mark.django_db
NOW = timezone.now()
VALUES = {"impact": "Card payments fail", "not_affected": "Browsing", "workaround": "Pay by bill"}


def at(minutes: float):
    return NOW + timedelta(minutes=minutes)


@pytest.fixture
def checkout(olga):
    service = make_service()
    Component.objects.add(by=olga, service=service, public_name="Payments", is_public=True)
    return service


@pytest.fixture
def incident(rita, checkout):
    return declare(rita, services=[checkout], at=NOW)


def reach(audience: str, *people, addresses=(), channels=()) -> None:
    row = Audience.objects.get(name=audience)
    row.people.set(people)
    row.channels.set(channels)
    Audience.objects.filter(pk=row.pk).update(addresses=[*addresses])


def draft(incident, by, audience="customers", moment="notice", values=VALUES, minutes=1, **more):
    template = CommunicationTemplate.objects.usual(audience, moment)
    return Communication.objects.draft(
        incident,
        audience=audience,
        moment=moment,
        by=by,
        at=at(minutes),
        template=template,
        values=values,
        **more,
    )


def told(row) -> dict[str, str]:
    return {each.to: each.text for each in Delivery.objects.filter(key=row.key)}


def test_it_is_filled_in_sent_and_noted_and_meets_the_clocks(rita, paul, incident):
    paul.email = "paul@example.org"
    paul.save()
    reach("customers", paul, addresses=["shop@example.org"])
    row = draft(incident, rita)

    assert row.send(by=rita, at=at(5))

    row.refresh_from_db()
    assert row.subject == "We are investigating a problem with Payments"
    assert "Card payments fail. Not affected: Browsing." in row.public_text
    assert "{{" not in row.public_text + row.internal_text
    assert row.recipients["people"] == [paul.display_name]
    assert row.is_alone and row.approver == rita
    assert "(sent without a second person): We are" in incident.entries.last().text
    assert set(told(row)) == {paul.email, "shop@example.org"}
    assert incident.entries.last().about["communication"] == row.pk
    met = {each.kind: each.met_at for each in incident.clocks.filter(met_at__isnull=False)}
    assert met == {"notice": at(5), "update": at(5)}
    assert incident.clocks.running().get(kind="update").due_at == at(25)


def test_next_update_is_when_the_clock_that_starts_then_is_due(rita, incident):
    row = draft(incident, rita)

    text = row.final(at(5))["public_text"]

    due = at(25).astimezone(timezone.get_default_timezone())
    assert f"{due:%H:%M}" in text


@pytest.mark.anywhere
def test_a_value_adds_no_line_to_the_subject(rita, incident):
    values = VALUES | {"impact": "Payments fail\nBcc: evil@example.org"}
    row = draft(incident, rita, values=values, subject="{{ impact }}:  {{ services }}")

    final = row.final(at(5))

    assert final["subject"] == "Payments fail Bcc: evil@example.org: Payments"
    assert values["impact"] in final["public_text"]


def test_a_second_click_sends_once(rita, incident):
    reach("customers", addresses=["shop@example.org"])
    row = draft(incident, rita)
    other = Communication.objects.get(pk=row.pk)

    assert row.send(by=rita, at=at(5))
    assert not other.send(by=rita, at=at(6))

    assert Delivery.objects.filter(key=row.key).count() == 1
    assert incident.entries.of_kinds("communication").count() == 1


def test_the_same_request_drafts_once(rita, olga, incident):
    row = draft(incident, rita, request_key="abc")

    assert draft(incident, rita, request_key="abc") == row
    with pytest.raises(Refused):
        draft(incident, olga, request_key="abc")


def test_responders_are_who_takes_part_and_the_channels_of_the_team(rita, paul, olga, checkout):
    team = Team.objects.create(name="Shop", slug="shop")
    checkout.owner = team
    checkout.save()
    channel, _ = Channel.objects.add(
        by=olga, name="War room", team=team, kind="mail", address="war@example.org"
    )
    incident = declare(rita, services=[checkout], at=NOW)
    incident.assign("scribe", paul, by=rita, at=NOW)

    row = draft(incident, rita, "responders", values={"impact": "Payments fail"})
    row.send(by=rita, at=at(2))

    assert sorted(row.recipients["people"]) == sorted([rita.display_name, paul.display_name])
    assert row.recipients["channels"] == ["War room"]
    assert Delivery.objects.filter(key=row.key, channel=channel).exists()


def test_who_subscribed_gets_a_mail_with_a_link_of_their_own(rita, incident):
    for number in range(2):
        StatusSubscription.objects.create(
            email=f"s{number}@example.org", asked_at=NOW, confirmed_at=NOW
        )
    StatusSubscription.objects.create(email="unconfirmed@example.org", asked_at=NOW)
    row = draft(incident, rita)

    row.send(by=rita, at=at(5))

    texts = told(row)
    assert set(texts) == {"s0@example.org", "s1@example.org"}
    assert len({text.rpartition("/leave/")[2] for text in texts.values()}) == 2
    assert row.recipients["subscribers"] == 2


# Approval


def test_another_than_the_commander_asks_and_the_commander_sends(rita, olga, incident):
    reach("executives", addresses=["boss@example.org"])
    row = draft(incident, olga, "executives")
    with pytest.raises(NotApproved):
        row.send(by=olga, at=at(1))

    assert row.submit(by=olga, at=at(2))
    assert not row.submit(by=olga, at=at(2))
    asked = Delivery.objects.filter(recipient=rita, subject__startswith="Approve:")
    assert asked.exists()
    with pytest.raises(Forbidden):
        row.approve(by=olga, at=at(3))
    assert row.approve(by=rita, at=at(3))
    assert not row.approve(by=rita, at=at(4))

    row.refresh_from_db()
    assert (row.author, row.approver, row.sent_at) == (olga, rita, at(3))
    assert not row.is_alone and "second person" not in incident.entries.last().text
    assert told(row)


def test_it_is_sent_back_with_a_reason_and_revised(rita, olga, incident):
    reach("executives", addresses=["boss@example.org"])
    row = draft(incident, olga, "executives")
    row.submit(by=olga, at=at(2))
    with pytest.raises(Refused):
        row.send_back(by=rita, reason=" ", at=at(3))

    assert row.send_back(by=rita, reason="No data is lost.", at=at(3))

    assert Delivery.objects.filter(recipient=olga, subject__startswith="Sent back:").exists()
    row.revise({"internal_text": "No data is lost."}, VALUES, by=olga, based_on=row.revision)
    row.submit(by=olga, at=at(4))
    row.approve(by=rita, at=at(5))
    assert told(row)["boss@example.org"].startswith("No data is lost.")


def test_without_a_commander_anybody_but_the_author_approves(rita, olga, paul, incident):
    incident.assign("commander", None, by=rita, at=at(1))
    row = draft(incident, olga, values=VALUES | {"commander": "nobody"})
    row.submit(by=olga, at=at(2))

    with pytest.raises(Forbidden):
        row.approve(by=olga, at=at(3))
    assert row.approve(by=paul, at=at(3))


def test_responders_are_told_without_approval_and_sev3_needs_none(olga, rita, checkout, incident):
    row = draft(incident, olga, "responders", values=VALUES)
    minor = declare(rita, level=3, at=NOW)
    reach("executives", addresses=["boss@example.org"])

    assert row.send(by=olga, at=at(1))
    assert draft(minor, olga, "executives", values=VALUES | {"services": "Shop"}).send(
        by=olga, at=at(1)
    )


# What is refused


def test_an_approval_of_another_text_is_refused(rita, olga, incident):
    row = draft(incident, olga)
    row.submit(by=olga, at=at(2))
    seen = row.revision
    row.send_back(by=rita, reason="Shorter.", at=at(3))
    row.revise({"public_text": "Other."}, VALUES, by=olga)
    row.submit(by=olga, at=at(4))

    with pytest.raises(Stale):
        row.approve(by=rita, at=at(5), based_on=seen)


def test_missing_values_are_named_and_nothing_is_sent(rita, incident):
    row = draft(incident, rita, values={"impact": "Card payments fail"})

    with pytest.raises(MissingValues) as refusal:
        row.send(by=rita, at=at(5))

    assert refusal.value.extra["missing"] == ["not_affected"]
    assert not told(row)


def test_values_are_checked_again_as_it_is_sent(rita, checkout, incident):
    row = draft(incident, rita)
    Component.objects.all().delete()

    with pytest.raises(MissingValues) as refusal:
        row.send(by=rita, at=at(5))

    assert refusal.value.extra["missing"] == ["services"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ impackt }}", "Did you mean “impact”?"),
        ("{{ eta }}", "no variable for when it will be over"),
        ("{{ resolution_time }}", "no variable for when it will be over"),
        ("{{ incident.declared_by.password }}", "There is no variable"),
        ("{{ title }}", "a public text cannot use it"),
        ("{{ impact", "stands alone"),
    ],
)
def test_variables_that_are_none_are_refused(rita, incident, text, said):
    with pytest.raises(ValidationError) as refusal:
        draft(incident, rita, public_text=text)

    assert said in refusal.value.message_dict["public_text"][0]


@pytest.mark.parametrize(
    "values", [{"nothing": "x"}, {"impact": "{{ cause }}"}, {"impact": "x" * 501}, {"impact": "\0"}]
)
def test_values_that_are_none_are_refused(rita, incident, values):
    with pytest.raises(Refused):
        draft(incident, rita, values=values)


def test_a_severity_that_is_told_to_nobody_outside_is_not(rita):
    minor = declare(rita, level=3)

    with pytest.raises(Refused, match="SEV3 is not told to customers"):
        draft(minor, rita)


def test_a_resolution_needs_an_end_and_an_update_none(rita, incident):
    with pytest.raises(Refused, match="is open"):
        draft(incident, rita, moment="resolution")
    row = draft(incident, rita)
    incident.resolve(by=rita, text="Rolled back", at=at(3))

    with pytest.raises(Refused, match="is over"):
        row.send(by=rita, at=at(4))
    done = draft(incident, rita, moment="resolution", values=VALUES | {"outcome": "We rolled back"})
    assert done.send(by=rita, at=at(5))
    assert not incident.clocks.running().filter(kind="update").exists()


def test_a_message_that_nobody_would_get_is_refused(rita, incident):
    row = draft(incident, rita, "partners")

    with pytest.raises(Refused, match="Nobody would get it"):
        row.send(by=rita, at=at(5))


def test_what_was_sent_or_withdrawn_does_not_change(rita, incident):
    sent, other = draft(incident, rita), draft(incident, rita)
    sent.send(by=rita, at=at(5))

    assert other.withdraw(by=rita)
    assert not other.withdraw(by=rita)
    for row in (sent, other):
        with pytest.raises(WrongState):
            row.revise({}, {}, by=rita)
    with pytest.raises(WrongState):
        sent.withdraw(by=rita)
    with pytest.raises(WrongState):
        other.send(by=rita, at=at(6))


def test_a_restricted_incident_is_told_to_those_who_take_part(rita, olga, paul, checkout):
    team = Team.objects.create(name="Shop", slug="shop")
    checkout.owner = team
    checkout.save()
    Channel.objects.add(by=olga, name="War", team=team, kind="mail", address="war@example.org")
    reach("responders", paul, addresses=["all@example.org"])
    incident = declare(rita, services=[checkout], is_restricted=True, at=NOW)
    row = draft(incident, rita, "responders", values={**VALUES})

    row.send(by=rita, at=at(1))

    assert row.recipients == {
        "people": [rita.display_name],
        "channels": [],
        "addresses": [],
        "subscribers": 0,
    }
    with pytest.raises(Refused, match="restricted"):
        draft(incident, rita)


def test_customers_hear_nothing_of_a_drill(rita):
    with pytest.raises(Refused, match="drill"):
        draft(declare(rita, is_drill=True), rita)


def test_what_failed_is_sent_again(rita, incident):
    reach("customers", addresses=["shop@example.org"])
    row = draft(incident, rita)
    row.send(by=rita, at=at(5))
    Delivery.objects.filter(key=row.key).update(state="failed", last_error="550 no such user")

    assert row.send_again(by=rita, at=at(9)) == 1
    assert row.send_again(by=rita, at=at(9)) == 0

    assert Delivery.objects.get(key=row.key).state == "waiting"


# Templates


def test_a_template_ships_for_each_audience_and_moment_and_is_right():
    rows = CommunicationTemplate.objects.all()

    assert len({(row.audience, row.moment) for row in rows}) == 16
    for row in rows:
        row.full_clean()


def test_a_changed_template_leaves_what_was_written(rita, olga, incident):
    row = draft(incident, rita)
    template = row.template

    assert template.change({"public_text": "{{ impact }}."}, by=olga, based_on=0)

    row.refresh_from_db()
    assert row.template_revision == 0
    assert "We are working on it" in row.public_text
    with pytest.raises(Stale):
        template.change({"public_text": "Other."}, by=olga, based_on=0)
    with pytest.raises(ValidationError):
        template.change({"public_text": "{{ fix_time }}"}, by=olga)
    assert Incident.objects.count() == 1
