"""The communication desk: what it shows, keeps, refuses, and to whom."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.models import Audience, Communication, CommunicationTemplate, Component
from portal.notifications.models import Delivery

from .world import declare, make_service

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TEXTS = {
    "subject": "Payments fail",
    "internal_text": "",
    "public_text": "{{ impact }}. Next update: {{ next_update }}.",
    "value_impact": "Cards are refused",
    "request_key": "a-key",
}


@pytest.fixture
def incident(rita, olga):
    service = make_service()
    Component.objects.add(by=olga, service=service, public_name="Payments", is_public=True)
    Audience.objects.filter(name="customers").update(addresses=["shop@example.org"])
    return declare(rita, services=[service])


def desk(incident, to="customers", moment="notice") -> str:
    return f"/incidents/{incident.pk}/communicate/?to={to}&moment={moment}"


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_it_asks_for_what_only_the_author_knows_and_previews(client_of, rita, incident):
    page = client_of(rita).get(desk(incident)).text

    assert 'name="value_impact"' in page and 'name="value_not_affected"' in page
    assert "We are investigating a problem with" in page and "Payments" in page
    assert 'class="param missing"' in page
    assert "Atom" not in page and "revision 0" not in page
    assert "<code>impact</code>" not in page and "<b>Impact</b>" in page
    assert "Public text: this is sent" in page
    assert (
        "Internal text: this is sent" in client_of(rita).get(desk(incident, to="responders")).text
    )


def test_it_is_sent_from_the_page_once(client_of, rita, incident):
    client = client_of(rita)

    for _ in range(2):
        answer = client.post(desk(incident), TEXTS | {"do": "send"})
        assert answer.status_code == 302

    row = Communication.objects.get()
    assert row.state == "sent" and row.public_text.startswith("Cards are refused.")
    assert Delivery.objects.filter(key=row.key).count() == 1
    page = client.get(answer.url).text
    assert "Delivered 0 of 1" in page and "Approved by" in page


def test_nothing_typed_is_lost_on_an_error(client_of, rita, incident):
    typed = {"public_text": "Typed {{ impact }} and {{ eta }}", "value_impact": "", "do": "send"}

    answer = client_of(rita).post(desk(incident), TEXTS | typed)

    assert answer.status_code == 400
    assert "Typed {{ impact }} and {{ eta }}" in answer.text
    assert "There is no variable for when it will be over" in answer.text
    assert not Communication.objects.exists()


def test_what_is_missing_is_listed_and_nothing_is_kept(client_of, rita, incident):
    answer = client_of(rita).post(desk(incident), TEXTS | {"value_impact": "", "do": "send"})

    assert answer.status_code == 400
    assert "These have no value: impact." in answer.text
    field = answer.text.split('for="id_value_impact"')[1].split("</div>")[0]
    assert 'aria-invalid="true"' in field and "The text asks for this." in field
    assert not Communication.objects.exists()


def test_a_preview_keeps_nothing(client_of, rita, incident):
    answer = client_of(rita).post(desk(incident), TEXTS | {"do": "preview"})

    assert answer.status_code == 200
    assert '<span class="param">Cards are refused</span>' in answer.text
    assert not Communication.objects.exists()


def test_a_template_that_changed_meanwhile_is_said_once(client_of, rita, olga, incident):
    template = CommunicationTemplate.objects.usual("customers", "notice")
    seen = {"template": template.slug, "template_revision": template.revision, "do": "send"}
    template.change({"subject": "Other"}, by=olga)

    answer = client_of(rita).post(desk(incident), TEXTS | seen)

    assert answer.status_code == 400 and "was changed meanwhile" in answer.text
    assert 'value="1"' in answer.text and "Payments fail" in answer.text
    seen["template_revision"] = 1
    assert client_of(rita).post(desk(incident), TEXTS | seen).status_code == 302


def test_a_draft_is_continued_approved_and_sent(client_of, rita, olga, incident):
    client = client_of(olga)
    saved = client.post(desk(incident), TEXTS | {"do": "save"})
    row = Communication.objects.get()
    assert saved.url == row.get_absolute_url()

    address = f"/incidents/{incident.pk}/communicate/?draft={row.pk}"
    assert 'value="Cards are refused"' in client.get(address).text
    more = {"revision": row.revision, "public_text": "{{ impact }}!", "do": "submit"}
    assert client.post(address, TEXTS | more).status_code == 302

    row.refresh_from_db()
    assert row.state == "waiting"
    assert "Approve and send" not in client.get(saved.url).text
    assert client.post(saved.url + "approve/").status_code == 403
    assert "Approve and send" in client_of(rita).get(saved.url).text
    answer = client_of(rita).post(saved.url + "approve/", {"revision": row.revision})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.public_text) == ("sent", "Cards are refused!")


@pytest.mark.anywhere
def test_a_commander_alone_is_told_what_the_record_says(client_of, rita, incident):
    client = client_of(rita)
    assert "You lead the response and approve it yourself" in client.get(desk(incident)).text

    draft = client.post(desk(incident), TEXTS | {"do": "save"}, follow=True).text
    assert "You approve your own text" in draft
    row = Communication.objects.get()
    client.post(row.get_absolute_url() + "send/")
    assert "Sent without a second person" in client.get(row.get_absolute_url()).text


def test_it_is_sent_back_and_withdrawn(client_of, rita, olga, incident):
    client_of(olga).post(desk(incident), TEXTS | {"do": "submit"})
    row = Communication.objects.get()

    back = client_of(rita).post(row.get_absolute_url() + "send-back/", {"reason": "Too long"})
    page = client_of(olga).get(row.get_absolute_url()).text
    gone = client_of(olga).post(row.get_absolute_url() + "withdraw/")

    assert back.status_code == gone.status_code == 302
    assert "Too long" in page
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_a_mail_server_that_refuses_is_shown_with_a_way_to_try_again(client_of, rita, incident):
    client = client_of(rita)
    client.post(desk(incident), TEXTS | {"do": "send"})
    row = Communication.objects.get()
    Delivery.objects.filter(key=row.key).update(state="failed", last_error="550 no such user")

    page = client.get(row.get_absolute_url()).text
    again = client.post(row.get_absolute_url() + "retry/")

    assert "1 of 1 failed" in page and "550 no such user" in page
    assert again.status_code == 302
    assert Delivery.objects.get(key=row.key).state == "waiting"


def test_who_only_reads_sees_what_was_sent_and_writes_nothing(client_of, nina, rita, incident):
    client_of(rita).post(desk(incident), TEXTS | {"do": "send"})
    row = Communication.objects.get()
    client = client_of(nina)

    page = client.get(row.get_absolute_url())

    assert page.status_code == 200 and "Withdraw" not in page.text
    assert f'href="{row.get_absolute_url()}"' in client.get(incident.get_absolute_url()).text
    assert client.get(desk(incident)).status_code == 403
    assert client.post(row.get_absolute_url() + "withdraw/").status_code == 403


def test_a_restricted_incident_does_not_exist_for_others(client_of, rita, paul, incident):
    client_of(rita).post(desk(incident), TEXTS | {"do": "send"})
    row = Communication.objects.get()
    type(incident).objects.filter(pk=incident.pk).update(is_restricted=True)
    client = client_of(paul)

    assert client.get(desk(incident)).status_code == 404
    assert client.get(row.get_absolute_url()).status_code == 404
    assert client.post(row.get_absolute_url() + "retry/").status_code == 404
    assert client_of(rita).get(row.get_absolute_url()).status_code == 200


def test_what_people_wrote_is_escaped(client_of, rita, incident):
    hostile = "<script>alert(1)</script>"
    typed = {"value_impact": hostile, "subject": hostile, "do": "send"}
    client = client_of(rita)
    answer = client.post(desk(incident), TEXTS | typed)

    for address in (answer.url, desk(incident), "/status/"):
        assert hostile not in client.get(address).text


def test_the_desk_asks_as_much_of_many_as_of_few(client_of, rita, incident):
    client = client_of(rita)
    client.post(desk(incident), TEXTS | {"do": "send"})
    client.get(desk(incident))  # what is remembered of the rail, and said once
    few = queries_of(client, desk(incident, moment="update"))
    for number in range(5):
        client.post(desk(incident), TEXTS | {"do": "send", "request_key": f"key-{number}"})
    client.get(desk(incident))

    assert queries_of(client, desk(incident, moment="update")) == few


# Templates and audiences


def test_templates_stand_by_audience_in_the_order_in_which_they_are_sent(client_of, olga):
    page = client_of(olga).get("/incidents/communication/templates/").text
    found = re.findall(r'href="/incidents/communication/templates/([a-z]+-[a-z]+)/"', page)

    moments = ["notice", "update", "resolution", "report"]
    assert [each for each in found if each.startswith("customers-")] == [
        f"customers-{moment}" for moment in moments
    ]
    assert page.index(">Responders<") < page.index(">Executives<") < page.index(">Customers<")


@pytest.mark.anywhere
def test_all_settings_of_incidents_are_one_click_apart(client_of, olga):
    client = client_of(olga)
    names = (
        "severities",
        "rules",
        "policies",
        "communication/templates",
        "communication/audiences",
    )
    assert 'href="/incidents/severities/"' in client.get("/incidents/").text
    for name in names:
        page = client.get(f"/incidents/{name}/").text
        if name != "policies":
            assert all(f'href="/incidents/{each}/"' in page for each in names), name


def test_operators_change_a_template_and_wrong_variables_stand_at_their_text(client_of, olga):
    client = client_of(olga)
    address = "/incidents/communication/templates/customers-notice/"
    texts = {"subject": "New", "internal_text": "", "public_text": "{{ impact }}", "revision": 0}

    wrong = client.post(address, texts | {"public_text": "{{ impackt }}"})
    right = client.post(address, texts)
    stale = client.post(address, texts | {"subject": "Other"})

    assert wrong.status_code == 400 and "Did you mean “impact”?" in wrong.text
    assert right.status_code == 302
    assert stale.status_code == 400 and "was changed meanwhile" in stale.text
    assert "Other" in stale.text


def test_a_template_is_made_and_its_name_is_checked(client_of, olga, rita):
    new = "/incidents/communication/templates/new/"
    about = {"audience": "customers", "moment": "notice", "subject": "S", "public_text": "Text"}

    made = client_of(olga).post(new, about | {"slug": "cloud"})
    twice = client_of(olga).post(new, about | {"slug": "cloud"})
    taken = client_of(olga).post(new, about | {"slug": "new"})

    assert made.status_code == 302
    assert twice.status_code == taken.status_code == 400
    assert client_of(rita).get(new).status_code == 403
    assert client_of(rita).post("/incidents/communication/templates/cloud/", {}).status_code == 404


def test_operators_say_who_an_audience_is(client_of, olga, paul, rita):
    address = "/incidents/communication/audiences/"
    given = {
        "audience": "executives",
        "executives-people": [paul.pk],
        "executives-addresses": "boss@example.org\nnobody",
        "executives-revision": 0,
    }

    wrong = client_of(olga).post(address, given)
    right = client_of(olga).post(address, given | {"executives-addresses": "boss@example.org"})

    assert wrong.status_code == 400 and "“nobody” is no e-mail address" in wrong.text
    assert right.status_code == 302
    row = Audience.objects.get(name="executives")
    assert (list(row.people.all()), row.addresses) == ([paul], ["boss@example.org"])
    assert client_of(rita).get(address).status_code == 200
    assert client_of(rita).post(address, given).status_code == 404
