"""Recordings of Chrome DevTools, as it writes them, and written by the portal."""

import json

import pytest
from django.utils import timezone

from onboarding.files.importer import Import
from onboarding.files.recorder import read
from onboarding.files.replay import NotReplayed, recording
from onboarding.models import Guide, Step

pytestmark = pytest.mark.django_db
OFFSETS = {"offsetX": 39.5, "offsetY": 14}
MAIN = {"target": "main"}
GENUINE = {
    "title": "Find a runbook",
    "steps": [
        {
            "type": "setViewport",
            "width": 1180,
            "height": 766,
            "deviceScaleFactor": 1,
            "isMobile": False,
            "hasTouch": False,
            "isLandscape": False,
        },
        {
            "type": "navigate",
            "url": "http://127.0.0.1:8000/",
            "assertedEvents": [{"type": "navigation", "url": "http://127.0.0.1:8000/"}],
        },
        {
            "type": "click",
            **MAIN,
            "selectors": [
                ['aria/Search[role="searchbox"]'],
                ["#q"],
                ['xpath///*[@id="q"]'],
                ["pierce/#q"],
            ],
            **OFFSETS,
        },
        {
            "type": "change",
            "value": "disk",
            **MAIN,
            "selectors": [['aria/Search[role="searchbox"]'], ["pierce/#q"]],
        },
        {"type": "keyDown", **MAIN, "key": "Enter"},
        {"type": "keyUp", **MAIN, "key": "Enter"},
        {
            "type": "click",
            **MAIN,
            "selectors": [
                ["aria/Disk fills up", 'aria/[role="generic"]'],
                ["main li:nth-of-type(1) span"],
                ["text/Disk fills"],
            ],
            **OFFSETS,
        },
        {"type": "hover", **MAIN, "selectors": [["portal-menu", "pierce/a.more"]]},
        {
            "type": "doubleClick",
            **MAIN,
            "selectors": [["aria/Steps [3]"], [".steps"]],
            **OFFSETS,
        },
        {
            "type": "change",
            "value": "hunter2",
            **MAIN,
            "selectors": [['aria/Password[role="textbox"]'], ["#code"]],
        },
        {"type": "waitForElement", **MAIN, "selectors": [[".result"]]},
    ],
}


@pytest.fixture
def imported(tmp_path, settings):
    settings.ADDRESS = "http://127.0.0.1:8000"
    (tmp_path / "find.json").write_text(json.dumps(GENUINE))
    list(Import(tmp_path, at=timezone.now()).run())
    return Guide.objects.get()


def told(text):
    return [
        (step.title, step.page, [callout["selector"] for callout in step.callouts])
        for step in text.steps
    ]


def test_what_people_call_a_control_is_its_name_without_its_role(imported):
    assert list(imported.steps.values_list("title", flat=True)) == [
        "Open /",
        "Click on Search",
        "Fill in Search",
        "Press Enter",
        "Click on Disk fills",
        "Point at portal-menu a.more",
        "Click twice on Steps 3",
        "Fill in Password",
        "Wait for .result",
    ]
    selectors = [step.callouts[0]["selector"] for step in imported.steps.all() if step.callouts]
    assert selectors[:4] == ["#q", "#q", "main li:nth-of-type(1) span", "portal-menu a.more"]


def test_a_guide_is_written_as_a_recording_that_makes_the_same_guide(imported):
    text = recording(imported)

    assert told(read(text.encode())) == told(read(json.dumps(GENUINE).encode()))
    assert "hunter2" not in text
    assert [each["type"] for each in json.loads(text)["steps"]][:2] == ["setViewport", "navigate"]


@pytest.mark.parametrize(
    ("kind", "button", "do"),
    [
        ("click", "secondary", "right-click"),
        ("click", "auxiliary", "middle-click"),
        ("doubleClick", "secondary", "right-click"),
    ],
)
def test_another_button_is_pressed_in_the_picture_and_in_the_recording(kind, button, do, settings):
    settings.ADDRESS = "http://127.0.0.1:8000"
    row = {"type": kind, **MAIN, "selectors": [["aria/Row"], ["#row"]], "button": button}
    menu = {"type": "click", **MAIN, "selectors": [["aria/Copy"], ["#copy"]], **OFFSETS}
    steps = [*GENUINE["steps"][:2], {**row, **OFFSETS}, menu]

    text = read(json.dumps({"title": "Copy it", "steps": steps}).encode())

    assert text.notes == []
    assert text.steps[-1].page["clicks"] == [{"do": do, "selector": "#row"}] * (
        2 if kind == "doubleClick" else 1
    )
    guide = Guide.objects.start("Copy it", by=None)
    for step in text.steps:
        about = {"title": step.title, "text": step.text, "control": step.control}
        Step.objects.add(guide, by=None, page=step.page, callouts=step.callouts, **about)
    assert told(read(recording(guide).encode())) == told(text)


def test_a_replay_presses_nothing_that_the_words_do_not_say(imported, alice):
    step = imported.steps.get(title="Click on Disk fills")
    step.edit(by=alice, title="Here are the runbooks")

    types = [
        (each["type"], each.get("selectors", [[]])[-1])
        for each in json.loads(recording(Guide.objects.get()))["steps"]
    ]
    assert ("waitForElement", ["main li:nth-of-type(1) span"]) in types


def test_pages_that_are_reached_otherwise_are_opened_anew(first_day, alice):
    page = {"address": "/search/", "clicks": [{"do": "click", "selector": "#more"}]}
    Step.objects.get(title="Look around").edit(by=alice, page={"address": "/runbooks/"})
    Step.objects.get(title="Search").edit(by=alice, page=page)

    types = [each["type"] for each in json.loads(recording(first_day))["steps"]]
    assert types == ["setViewport", "navigate", "waitForElement", "navigate", "click"]


def test_a_guide_without_pages_has_no_recording(first_day):
    with pytest.raises(NotReplayed, match="No step says where"):
        recording(first_day)


ROLES = "[role='" * 100_000  # a search from each of them to the end would take a quarter of an hour


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (ROLES, "role='" * 25),
        (f"Save{ROLES}button']", "Save" + "role='" * 25),
        ("Save [role='button'] ", "Save"),
        ("Save[role=button]", "Saverole=button"),
    ],
)
def test_a_name_with_any_number_of_roles_is_read_at_once(name, shown):
    click = {"type": "click", "selectors": [["#a"], [f"aria/{name}"]]}
    opened = {"type": "navigate", "url": "https://a.example/"}
    text = read(json.dumps({"title": "x", "steps": [opened, click]}).encode())

    assert text.steps[1].control == shown[:150]


def test_what_is_typed_is_found_among_many_that_look_like_it(imported, alice):
    step = imported.steps.get(title="Fill in Search")
    step.edit(by=alice, text=" with `" * 10_000 + "disk`.")

    typed = [each.get("value") for each in json.loads(recording(Guide.objects.get()))["steps"]]
    assert " with `" * 9_999 + "disk" in typed


FIELD = {"selectors": [["#user"]]}
UNREAD = {"selectors": [["aria/Password"]]}  # no CSS: passed over


@pytest.mark.parametrize(
    ("before", "is_told"),
    [
        ([{"type": "click", **UNREAD}], False),
        ([{"type": "change", **UNREAD, "value": "s3c"}], False),
        ([{"type": "click"}], False),  # nobody knows where it was
        ([{"type": "click", **FIELD}, {"type": "keyDown", "key": "Tab"}], False),
        ([{"type": "click", "selectors": [["#pin"]]}, {"type": "hover", **FIELD}], False),
        ([{"type": "click", **FIELD}], True),
        ([{"type": "click", **UNREAD}, {"type": "navigate", "url": "https://a.example/"}], True),
    ],
)
def test_signs_are_kept_only_where_they_are_known_to_be_no_secret(before, is_told):
    opened = {"type": "navigate", "url": "https://a.example/"}
    typed = [{"type": "keyDown", "key": key} for key in "s3c"]
    text = read(json.dumps({"title": "x", "steps": [opened, *before, *typed]}).encode())

    pressed = [step.title for step in text.steps if step.title != "Press Tab"]
    assert [title for title in pressed if title.startswith("Press")] == (
        ["Press s", "Press 3", "Press c"] if is_told else []
    )
    kept = [click.get("value") for step in text.steps for click in step.page.get("clicks", ())]
    assert is_told or not {"s", "3", "c", "s3c"} & set(kept)
