"""The editor: what is saved, what is kept, and what happens when two write at once."""

import pytest

from runbooks.models import Kind, Runbook, State, Template, WorkingCopy

pytestmark = pytest.mark.django_db
THREE = "# Title\n\n## One\n\nFirst.\n\n## Two\n\nSecond.\n\n## Three\n\nThird.\n"


@pytest.fixture
def page(alice):
    return Runbook.objects.start("Three parts", by=alice, text=THREE)


def save(client, runbook, text, *, based_on=1, **more):
    data = {"text": text.replace("\n", "\r\n"), "based_on": based_on, "note": "Mine", **more}
    return client.post(f"{runbook.get_absolute_url()}edit/", data)


def test_a_saved_text_is_the_next_draft(client, alice, page):
    client.force_login(alice)

    response = save(client, page, THREE.replace("First", "1st"), action="save")

    version = page.versions.get(number=2)
    assert response.url == version.get_absolute_url()
    assert version.text == THREE.replace("First", "1st")
    assert (version.note, version.author, version.state) == ("Mine", alice, State.DRAFT)


def test_it_can_be_submitted_with_the_same_click(client, alice, page):
    client.force_login(alice)

    save(client, page, "Other.", action="submit")

    assert page.versions.get(number=2).state == State.IN_REVIEW


def test_line_endings_stay_as_they_were(client, alice):
    windows = Runbook.objects.start("Windows", by=alice, text="One\r\nTwo\r\n")
    client.force_login(alice)

    save(client, windows, "One\nTwo\nThree\n")

    assert windows.versions.get(number=2).text == "One\r\nTwo\r\nThree\r\n"


def test_what_was_unfinished_is_offered_again_and_gone_after_a_save(client, alice, page):
    client.force_login(alice)
    kept = client.post(
        "/runbooks/autosave/",
        {"runbook": page.slug, "text": "Half a sent", "note": "n", "based_on": 1},
    )
    assert kept.json()["shown"]

    edit = f"{page.get_absolute_url()}edit/"
    assert b"You left a text unfinished" in client.get(edit).content
    assert b"Half a sent" in client.get(f"{edit}?copy").content
    save(client, page, "A whole sentence.")
    assert not WorkingCopy.objects.exists()


def test_an_unfinished_text_is_discarded_when_asked(client, alice, page):
    client.force_login(alice)
    client.post("/runbooks/autosave/", {"runbook": page.slug, "text": "Half"})

    client.post("/runbooks/autosave/", {"runbook": page.slug, "discard": "yes"})

    assert not WorkingCopy.objects.exists()


def test_without_javascript_a_button_previews(client, alice, page):
    client.force_login(alice)

    response = save(client, page, "Look: **bold**", action="preview")

    assert b"<strong>bold</strong>" in response.content
    assert page.versions.count() == 1


def test_the_preview_shows_steps_and_findings(client, alice, page):
    template = "## When\n\n<!--\n## Hidden\n-->\n## How\n"
    Template.objects.update_or_create(kind=Kind.ROLLBACK, defaults={"text": template})
    client.force_login(alice)
    text = "---\nparameters:\n  - name: host\n---\n1. Do it\n2. See [that](no-such.md)\n\n## How\n"

    response = client.post(
        "/runbooks/preview/", {"runbook": page.slug, "text": text, "kind": "rollback"}
    )

    page = response.content.decode()
    assert response.status_code == 200
    for word in ("Unused parameter", "Broken link", "“When”", "No owner", "2 steps"):
        assert word in page, word
    assert "“How”" not in page
    assert "“Hidden”" not in page


def test_a_preview_of_what_cannot_be_rendered_is_refused(client, alice):
    client.force_login(alice)

    assert client.post("/runbooks/preview/", {"text": "x" * 140_000}).status_code == 413
    assert client.post("/runbooks/preview/", {"text": "\x00"}).status_code == 400
    assert client.post("/runbooks/preview/", {"text": "", "kind": "no"}).status_code == 400
    nowhere = client.post("/runbooks/preview/", {"text": "", "runbook": "nowhere"})
    assert nowhere.status_code == 404


def test_readers_may_not_write(client, nina, disk):
    client.force_login(nina)

    for address in (
        f"{disk.get_absolute_url()}edit/",
        f"{disk.get_absolute_url()}about/",
        "/runbooks/new/",
    ):
        assert client.get(address).status_code == 403
        assert client.post(address, {"text": "x", "based_on": 1}).status_code == 403
    for address in ("preview", "autosave", "upload", "draft-alert"):
        assert client.post(f"/runbooks/{address}/", {"alert": "X"}).status_code == 403
    assert disk.versions.count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {"text": "x"},
        *({"text": "x", "based_on": each} for each in ("one", 10**20, "1" * 4_400, "0" * 4_400)),
    ],
)
def test_a_malformed_save_keeps_the_text(client, alice, page, data):
    client.force_login(alice)

    response = client.post(f"{page.get_absolute_url()}edit/", {**data, "text": "Precious words"})

    assert response.status_code == 400 and b"Precious words" in response.content


@pytest.mark.parametrize("number", ["0" * 4_400, "1" * 4_400, "٣"])
def test_numbers_that_no_version_has_merge_nothing(client, alice, page, number):
    client.force_login(alice)
    data = {"text": "x", "yours": "Mine", "based_on": number, "started_from": number}

    response = client.post(f"{page.get_absolute_url()}edit/", data)

    assert response.url == f"{page.get_absolute_url()}edit/"


def test_a_text_that_is_too_large_comes_back_with_what_to_do(client, alice, page):
    client.force_login(alice)

    response = save(client, page, "Precious " * 16_000)

    assert response.status_code == 413
    assert b"Split it into several pages" in response.content and b"Precious" in response.content


def test_a_stale_save_merges_what_agrees(client, alice, paul, page):
    page.draft(THREE.replace("First", "1st"), author=paul, based_on=1)
    client.force_login(alice)

    response = save(client, page, THREE.replace("Third", "3rd"))

    assert response.status_code == 409
    shown = response.content.decode()
    assert "saved v2 while you were writing" in shown
    merged = THREE.replace("First", "1st").replace("Third", "3rd")
    assert response.context["conflict"].text == merged
    assert WorkingCopy.objects.get(user=alice).text == THREE.replace("Third", "3rd")
    assert page.versions.count() == 2


def merge_form(response, **more):
    shown = response.context["conflict"]
    return {
        "based_on": shown.theirs.number,
        "started_from": shown.started_from,
        "yours": shown.merge.yours,
        "offered": shown.offered,
        "text": shown.text,
        "note": "Merged",
        **more,
    }


@pytest.fixture
def conflict(client, alice, paul, page):
    """Both changed the first sentence."""
    page.draft(THREE.replace("First", "Theirs"), author=paul, based_on=1)
    client.force_login(alice)
    return save(client, page, THREE.replace("First", "Mine"))


def test_a_choice_is_put_into_the_merged_text(client, page, conflict):
    address = f"{page.get_absolute_url()}edit/"

    chosen = client.post(address, merge_form(conflict, action="merge", **{"choice-1": "yours"}))

    assert (
        "Mine." in chosen.context["conflict"].text
        and "Theirs." not in chosen.context["conflict"].text
    )
    both = client.post(address, merge_form(chosen, action="merge", **{"choice-1": "both"}))
    assert "Theirs.\nMine." in both.context["conflict"].text


def test_a_choice_keeps_what_was_typed_into_the_merged_text(client, page, conflict):
    typed = conflict.context["conflict"].text.replace("Third", "Third and last")
    form = merge_form(conflict, action="merge", **{"choice-1": "yours"}, text=typed)

    chosen = client.post(f"{page.get_absolute_url()}edit/", form)

    assert (
        "Mine." in chosen.context["conflict"].text
        and "Third and last." in chosen.context["conflict"].text
    )


def test_the_merged_text_is_saved_on_top_of_theirs(client, page, conflict):
    text = THREE.replace("First", "Both")
    form = merge_form(conflict, action="save", text=text.replace("\n", "\r\n"))

    response = client.post(f"{page.get_absolute_url()}edit/", form)

    version = page.versions.get(number=3)
    assert (response.url, version.text, version.based_on) == (version.get_absolute_url(), text, 2)
    assert not WorkingCopy.objects.exists()


def test_a_merge_that_is_stale_again_merges_again(client, paul, page, conflict):
    page.draft(THREE.replace("Second", "2nd"), author=paul, based_on=2)

    again = client.post(f"{page.get_absolute_url()}edit/", merge_form(conflict, action="save"))

    assert again.status_code == 409
    assert again.context["conflict"].theirs.number == 3


def test_mine_is_kept_or_discarded(client, alice, page, conflict):
    address = f"{page.get_absolute_url()}edit/"

    client.post(address, merge_form(conflict, action="keep"))
    copy = WorkingCopy.objects.get(user=alice)
    assert ("Mine." in copy.text, copy.based_on) == (True, 1)
    client.post(address, merge_form(conflict, action="discard"))
    assert not WorkingCopy.objects.exists()
    assert page.versions.count() == 2


def test_a_second_click_does_not_look_like_a_conflict(client, alice, page):
    client.force_login(alice)
    save(client, page, "Twice.")

    response = save(client, page, "Twice.")

    assert response.url == page.version_url(2)
    assert page.versions.count() == 2


def test_a_malformed_merge_loses_nothing(client, alice, page, conflict):
    form = merge_form(conflict, action="save", based_on="x")

    response = client.post(f"{page.get_absolute_url()}edit/", form)

    assert response.url == f"{page.get_absolute_url()}edit/"
    assert "Mine." in WorkingCopy.objects.get(user=alice).text


def test_a_new_runbook_begins_with_the_template_of_its_kind(client, alice):
    Template.objects.update_or_create(kind=Kind.ROLLBACK, defaults={"text": "## When to roll back"})
    client.force_login(alice)

    assert b"Roll a release back" in client.get("/runbooks/new/").content
    assert b"## When to roll back" in client.get("/runbooks/new/?kind=rollback").content


NEW = {
    "title": "Roll back the shop",
    "section": "runbooks",
    "kind": "rollback",
    "review_days": 90,
    "alerts": "ShopDown\nShopSlow",
    "text": "1. Roll.\r\n2. Back.\r\n",
}


def test_a_new_runbook_is_a_draft(client, alice):
    client.force_login(alice)

    response = client.post("/runbooks/new/", NEW)

    runbook = Runbook.objects.get(slug="roll-back-the-shop")
    assert response.url == runbook.newest.get_absolute_url()
    assert sorted(runbook.alerts.values_list("name", flat=True)) == ["ShopDown", "ShopSlow"]
    assert runbook.newest.text == "1. Roll.\n2. Back.\n"
    assert client.get(response.url).status_code == 200


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": ""}, "This field is required"),
        ({"kind": "nonsense"}, "Select a valid choice"),
        ({"alerts": "Shop/Down"}, "no spaces and no slashes"),
        ({"alerts": "DiskFillsUp"}, "answered by"),
        ({"slug": "disk-fills-up"}, "already exists"),
        ({"slug": "gaps"}, "portal itself uses this address"),
        ({"review_days": 0}, "greater than or equal to 1"),
        ({"text": "x" * 140_000}, "Split it"),
    ],
)
def test_what_is_wrong_with_a_new_runbook_is_said_beside_it(client, alice, disk, change, says):
    client.force_login(alice)

    response = client.post("/runbooks/new/", {**NEW, "note": "", **change})

    assert response.status_code in (400, 409, 413)
    assert says in response.content.decode()
    assert Runbook.objects.count() == 1


def test_a_title_that_is_an_address_of_the_portal_gets_another(client, alice):
    client.force_login(alice)

    response = client.post("/runbooks/new/", {**NEW, "title": "Gaps"})

    assert response.url == "/runbooks/gaps-2/versions/1/"


def description(runbook, **more):
    return {
        "title": runbook.title,
        "slug": runbook.slug,
        "section": runbook.section,
        "kind": runbook.kind,
        "review_days": runbook.review_days,
        "revision": runbook.revision,
        **more,
    }


def test_what_is_known_of_it_changes(client, alice, disk):
    client.force_login(alice)
    assert b"DiskFillsUp" in client.get(f"{disk.get_absolute_url()}about/").content

    response = client.post(
        f"{disk.get_absolute_url()}about/",
        description(disk, title="Disk is full", slug="disk-is-full", alerts="DiskFull"),
    )

    assert response.url == "/runbooks/disk-is-full/"
    assert client.get("/runbooks/disk-fills-up/").status_code == 301


def test_a_description_that_changed_meanwhile_is_shown_first(client, alice, disk):
    client.force_login(alice)
    form = description(disk, title="Mine")
    disk.describe(title="Theirs")

    stale = client.post(f"{disk.get_absolute_url()}about/", form)
    assert stale.status_code == 409 and b'value="Mine"' in stale.content
    disk.refresh_from_db()
    assert disk.title == "Theirs"

    client.post(f"{disk.get_absolute_url()}about/", {**form, "revision": disk.revision})
    disk.refresh_from_db()
    assert disk.title == "Mine"


def test_an_alert_of_another_runbook_is_refused(client, alice, disk, page):
    client.force_login(alice)

    response = client.post(
        f"{page.get_absolute_url()}about/", description(page, alerts="DiskFillsUp")
    )

    assert response.status_code == 409 and b"answered by" in response.content
