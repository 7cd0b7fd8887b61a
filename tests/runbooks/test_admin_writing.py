"""Staff write in the admin: a new runbook, a new text, what is known of it, and stale saves."""

import pytest
from django.urls import reverse

from portal.accounts.models import Team
from runbooks.models import Kind, Runbook, State, Template, WorkingCopy

ADD = reverse("admin:runbooks_runbook_add")


@pytest.fixture
def browser(client_of, alice):
    return client_of(alice)


def page_of(runbook) -> str:
    return reverse("admin:runbooks_runbook_change", args=[runbook.pk])


def typed(runbook, **changes) -> dict:
    """What the form of a runbook sends when nothing but `changes` was typed."""
    known = {
        "title": runbook.title,
        "slug": runbook.slug,
        "section": runbook.section,
        "kind": runbook.kind,
        "owner": runbook.owner_id or "",
        "services": [service.pk for service in runbook.services.all()],
        "review_days": runbook.review_days,
        "alert_names": "\r\n".join(alert.name for alert in runbook.alerts.all()),
    }
    opened = {f"initial-{name}": value for name, value in known.items()}
    text = {"text": runbook.newest.text, "note": "", "based_on": runbook.head}
    return {**known, **opened, **text, **changes}


def new(**changes) -> dict:
    start = {"title": "Restart the queue", "section": "runbooks", "kind": "maintenance"}
    return {**start, "review_days": 90, "text": "## Steps\r\n\r\n1. Wait.\r\n", **changes}


def test_a_new_runbook_begins_with_a_draft(browser, alice):
    team = Team.objects.create(name="Platform", slug="platform")
    response = browser.post(
        ADD, new(owner=team.pk, alert_names="QueueStuck\r\nQueueSlow", note="First")
    )

    runbook = Runbook.objects.get()
    assert response.url == page_of(runbook)
    assert (runbook.slug, runbook.kind, runbook.owner) == ("restart-the-queue", "maintenance", team)
    assert {alert.name for alert in runbook.alerts.all()} == {"QueueStuck", "QueueSlow"}
    draft = runbook.newest
    assert (draft.state, draft.author, draft.note) == (State.DRAFT, alice, "First")
    assert draft.text == "## Steps\n\n1. Wait.\n"


def test_an_empty_text_begins_with_the_template_of_its_kind(browser):
    Template.objects.update_or_create(kind=Kind.MAINTENANCE, defaults={"text": "## When\n"})

    browser.post(ADD, new(text=""))

    assert Runbook.objects.get().newest.text == "## When\n"
    assert b"kind-templates" in browser.get(ADD).content


def test_a_form_sent_twice_makes_one_runbook(browser):
    sent = new(once="8b6a2f37-6f4c-4a5c-8a58-3d1c7f6f0f11")
    browser.post(ADD, sent)
    again = browser.post(ADD, sent)

    assert Runbook.objects.count() == 1
    assert b"saved already" in again.content


def test_a_text_saved_is_the_next_draft(browser, disk):
    response = browser.post(page_of(disk), typed(disk, text="Better.\r\n", note="Clearer"))

    assert response.status_code == 302
    newest = Runbook.objects.get(pk=disk.pk).newest
    assert (newest.number, newest.state, newest.note) == (2, State.DRAFT, "Clearer")
    assert newest.text == "Better.\n"


def test_a_description_alone_makes_no_version_and_keeps_the_old_address(browser, disk):
    browser.post(
        page_of(disk), typed(disk, title="Disk full", slug="disk-full", alert_names="Disk")
    )

    saved = Runbook.objects.at("disk-fills-up")
    assert (saved.title, saved.slug, saved.head) == ("Disk full", "disk-full", 1)
    assert [alert.name for alert in saved.alerts.all()] == ["Disk"]


def test_what_a_colleague_changed_meanwhile_stays(browser, disk):
    opened = typed(disk)
    disk.describe(title="Renamed by Paul")

    browser.post(page_of(disk), {**opened, "review_days": 30})

    disk.refresh_from_db()
    assert (disk.title, disk.review_days) == ("Renamed by Paul", 30)


def test_a_text_is_submitted_as_it_is_saved(browser, disk):
    browser.post(page_of(disk), typed(disk, text="Better.", _submit="1"))

    assert Runbook.objects.get(pk=disk.pk).newest.state == State.IN_REVIEW


def test_what_cannot_be_saved_is_shown_again_with_all_that_was_typed(browser, disk, alice):
    Runbook.objects.start("Other", by=alice, text="Text", alerts=["Taken"])
    response = browser.post(
        page_of(disk), typed(disk, text="Long work", title="New title", alert_names="Taken")
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert "answered by" in page
    assert "Long work" in page
    assert "New title" in page
    disk.refresh_from_db()
    assert (disk.title, disk.head) == ("Disk fills up", 1)


def test_a_text_above_the_limit_is_refused_and_kept_in_the_form(browser, disk):
    response = browser.post(page_of(disk), typed(disk, text="x" * 140_000))

    assert response.status_code == 200
    assert b"x" * 1000 in response.content
    assert Runbook.objects.get(pk=disk.pk).head == 1


class TestStale:
    @pytest.fixture
    def opened(self, disk):
        return typed(disk)

    @pytest.fixture
    def overtaken(self, disk, opened, paul):
        disk.draft(disk.newest.text.replace("5 %", "3 %"), author=paul, based_on=1, note="Less")
        return disk

    def test_both_texts_and_their_merge_are_shown(self, browser, overtaken, opened, alice):
        mine = opened["text"].replace("Rotate the logs", "Rotate all logs")
        response = browser.post(page_of(overtaken), {**opened, "text": mine, "title": "Mine too"})

        page = response.content.decode()
        assert response.status_code == 409
        assert "Less than 3 % is free" in page.replace("<ins>", "").replace("</ins>", "")
        assert "Rotate all logs" in response.context["conflict"].text
        assert "Less than 3 %" in response.context["conflict"].text
        assert 'name="title" value="Mine too"' in page
        assert Runbook.objects.get(pk=overtaken.pk).head == 2
        assert WorkingCopy.objects.of(alice, overtaken).get().text == mine

    def test_the_merge_is_saved_on_top_of_the_newest_with_the_rest(
        self, browser, overtaken, opened
    ):
        mine = opened["text"].replace("Rotate the logs", "Rotate all logs")
        shown = browser.post(page_of(overtaken), {**opened, "text": mine, "title": "Mine too"})
        conflict = shown.context["conflict"]
        merged = {
            **dict(shown.context["carried"]),
            "text": conflict.text,
            "based_on": conflict.theirs.number,
        }

        assert browser.post(page_of(overtaken), merged).status_code == 302
        saved = Runbook.objects.get(pk=overtaken.pk)
        assert saved.head == 3
        assert saved.title == "Mine too"
        assert "Less than 3 %" in saved.newest.text
        assert "Rotate all logs" in saved.newest.text
        assert not WorkingCopy.objects.filter(runbook=overtaken).exists()

    def test_a_choice_goes_into_the_merged_text_and_what_was_typed_there_stays(
        self, browser, overtaken, opened
    ):
        mine = opened["text"].replace("5 %", "9 %")
        shown = browser.post(page_of(overtaken), {**opened, "text": mine}).context["conflict"]
        assert len(shown.merge.conflicts) == 1

        chosen = browser.post(
            page_of(overtaken),
            {
                **opened,
                "based_on": 2,
                "started_from": 1,
                "yours": mine,
                "offered": shown.offered,
                "text": shown.text + "Typed since.\r\n",
                "choice-1": "yours",
                "_choose": "1",
            },
        )

        assert chosen.status_code == 409
        text = chosen.context["conflict"].text
        assert "9 %" in text
        assert "3 %" not in text
        assert text.endswith("Typed since.\n")

    def test_a_save_overtaken_between_check_and_save_is_stale_too(
        self, browser, disk, opened, paul, monkeypatch
    ):
        from runbooks.documents.admin.forms import RunbookForm

        checked = RunbookForm.is_valid

        def overtaken(form):
            valid = checked(form)
            if Runbook.objects.get(pk=disk.pk).head == 1:
                Runbook.objects.get(pk=disk.pk).draft("Theirs", author=paul, based_on=1)
            return valid

        monkeypatch.setattr(RunbookForm, "is_valid", overtaken)
        response = browser.post(page_of(disk), {**opened, "text": "Mine"})

        assert response.status_code == 409
        assert "Mine" in response.content.decode()

    def test_the_same_text_saved_twice_is_one_version(self, browser, disk, opened):
        for _ in range(2):
            response = browser.post(page_of(disk), {**opened, "text": "Once."})
            assert response.status_code == 302

        assert Runbook.objects.get(pk=disk.pk).head == 2

    @pytest.mark.parametrize("number", ["", "-1", "99", "x", "9" * 40])
    def test_a_forged_base_never_overwrites(self, browser, disk, opened, number):
        response = browser.post(page_of(disk), {**opened, "text": "Forged", "based_on": number})

        assert response.status_code in (200, 409)
        assert "Forged" in response.content.decode()
        assert Runbook.objects.get(pk=disk.pk).head == 1


class TestWorkingCopy:
    @pytest.fixture
    def kept(self, disk, alice):
        return WorkingCopy.objects.keep(alice, disk, text="Half a tho", note="Soon", based_on=1)

    def test_what_was_not_saved_is_offered_and_can_be_gone_on_with(self, browser, disk, kept):
        assert b"Continue editing" in browser.get(page_of(disk)).content

        form = browser.get(page_of(disk), {"kept": "1"}).context["adminform"].form
        assert (form["text"].value(), form["note"].value()) == ("Half a tho", "Soon")

    def test_it_is_thrown_away_only_when_asked(self, browser, disk, kept):
        browser.post(reverse("admin:runbooks_runbook_forget", args=[disk.pk]))

        assert not WorkingCopy.objects.exists()

    def test_a_save_makes_it_superfluous(self, browser, disk, kept):
        browser.post(page_of(disk), typed(disk, text="A whole thought."))

        assert not WorkingCopy.objects.exists()

    def test_colleagues_do_not_see_it(self, client_of, paul, disk, kept):
        assert b"Half a tho" not in client_of(paul).get(page_of(disk), {"kept": "1"}).content

    def test_of_a_new_runbook_too(self, browser, alice):
        WorkingCopy.objects.keep(alice, None, title="Begun", text="Half", based_on=0)

        assert b"Continue editing" in browser.get(ADD).content
        assert browser.get(ADD, {"kept": "1"}).context["adminform"].form["title"].value() == "Begun"
