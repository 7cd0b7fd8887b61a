"""Severities on their pages: read by all, edited by operators; the working calendar."""

import re
from datetime import date

import pytest

from incidents.models import Severity, WorkingCalendar

pytestmark = pytest.mark.django_db
PAGE, EDIT, CALENDAR = (
    "/incidents/severities/",
    "/incidents/severities/2/edit/",
    "/incidents/severities/calendar/",
)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def typed(**changed) -> dict:
    """The form as the page has it, with changes; None leaves a field out."""
    row = Severity.objects.of(2)
    names = [*(each.name for each in Severity._meta.fields if each.name != "level")]
    values = {name: getattr(row, name) for name in names} | changed
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    }


def test_all_read_what_they_mean(client_of, nina):
    page = text_of(client_of(nina).get(PAGE))

    for words in ("SEV1", "Critical", "20 min", "3 days", "business days", "Source:", "Unsure"):
        assert words in page
    assert "Edit" not in page.partition('id="main"')[2]


@pytest.mark.anywhere
def test_without_a_review_no_action_is_promised_and_long_times_are_said_in_hours(client_of, olga):
    Severity.objects.filter(level=4).update(review_days=None, action_days=60)
    Severity.objects.filter(level=2).update(idle_minutes=120)

    page = client_of(olga).get(PAGE).content.decode()
    actions = page.split('id="s-4"')[1].split("<dt>Actions</dt>")[1].split("</dd>")[0]
    assert "60" not in actions and "no review" in actions
    assert "120 minutes are 2 h." in client_of(olga).get(EDIT).content.decode()


def test_an_operator_changes_one(client_of, olga):
    client = client_of(olga)
    assert client.get(EDIT).status_code == 200

    answer = client.post(
        EDIT, typed(title="Serious", update_minutes=15, review_in_business_days="")
    )

    assert answer.status_code == 302
    row = Severity.objects.of(2)
    assert (row.title, row.update_minutes, row.review_in_business_days) == ("Serious", 15, False)


def test_the_later_of_two_sees_what_stands_there_and_loses_nothing(client_of, olga, rita):
    mine = typed(title="Serious")
    Severity.objects.of(2).change({"update_minutes": 10}, by=rita)
    client = client_of(olga)

    answer = client.post(EDIT, mine)

    page = text_of(answer)
    assert answer.status_code == 409
    assert "Next update, in minutes is <b>10</b>" in page and 'value="Serious"' in page
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    assert client.post(EDIT, {**mine, "revision": revision}).status_code == 302
    assert Severity.objects.of(2).title == "Serious"


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"acknowledge_minutes": "0"},
        {"acknowledge_minutes": "x"},
        {"review_days": "366"},
        {"slow_update_minutes": ""},
        {"audiences": ["everybody"]},
        {"title": "a\x00b"},
        {"revision": "x"},
    ],
)
def test_what_is_wrong_is_said(wrong, client_of, olga):
    assert client_of(olga).post(EDIT, typed(**wrong)).status_code == 400
    assert Severity.objects.of(2).title == "Major"


@pytest.mark.anywhere
def test_others_change_nothing(client_of, rita):
    client = client_of(rita)
    for address in (EDIT, CALENDAR):
        assert client.get(address).status_code == client.post(address).status_code == 403
    assert client.get("/incidents/severities/9/edit/").status_code == 403


def test_the_calendar_knows_holidays_and_exceptions(client_of, olga):
    client = client_of(olga)
    days = "2026-12-28 off Bridge day\n2026-12-27 working"
    data = {"weekdays": ["0", "1", "2", "3", "4"], "country": "DE", "exceptions": days}

    assert client.post(CALENDAR, data).status_code == 302
    calendar = WorkingCalendar.objects.current()
    working = [calendar.is_working(date(2026, 12, day)) for day in (24, 25, 26, 27, 28, 29)]
    assert working == [True, False, False, True, False, True]
    assert "2026-12-28 off Bridge day" in text_of(client.get(CALENDAR))
    assert client.post(CALENDAR, {**data, "exceptions": ""}).status_code == 302
    assert WorkingCalendar.objects.count() == 1 and not calendar.days.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": []},
        {"weekdays": ["7"]},
        {"country": "XX"},
        {"country": "DE", "subdivision": "ZZ"},
        {"exceptions": "tomorrow off"},
        {"exceptions": "2026-02-30 off"},
        {"exceptions": "2026-12-24 maybe"},
        {"exceptions": "2026-12-24 off\n2026-12-24 working"},
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(wrong, client_of, olga):
    data = {"weekdays": ["0"], "country": "", "exceptions": ""} | wrong

    assert client_of(olga).post(CALENDAR, data).status_code == 400
    assert not WorkingCalendar.objects.exists()
