"""Guides out of the portal and in again: the same bytes and keys, and nothing overwritten."""

import json
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from onboarding.files.exporter import Export
from onboarding.files.importer import Import
from onboarding.files.replay import recording
from onboarding.models import Guide, Question, Screenshot, Step, Video
from portal.core.web.outcomes import CREATED, REFUSED, UNCHANGED, UPDATED

from .conftest import png
from .films import mp4

pytestmark = pytest.mark.django_db
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n"


@pytest.fixture
def full(first_day, alice, picture_of):
    """First day, with a film and a page, and a question about it."""
    film = Video.objects.keep(
        ContentFile(mp4()),
        guide=first_day,
        by=alice,
        title="The tour",
        captions=VTT,
        transcript="Hello.",
        poster=picture_of(first_day, alice, colour="navy", alt="A door"),
    )
    search = Step.objects.get(title="Search")
    search.edit(by=alice, video=film, page={"address": "/search/", "role": "reader"})
    Question(slug="where", topic="Signing in", question="Where do I sign in?").write(
        answer="There.\n\n## Not a question\n\n```\n## code\n```"
    )
    Question.objects.get().guides.add(first_day)
    return Guide.objects.get()


def test_what_was_blurred_is_known_elsewhere_and_never_forgotten(full, tmp_path):
    blurred = [{"box": {"x": 1, "y": 2, "w": 3, "h": 4}, "selector": "#key"}]
    look = Step.objects.get(title="Look around")
    Screenshot.objects.filter(pk=look.screenshot.pk).update(blurred=blurred)
    files = export(tmp_path)
    block = "```blurred\n- box: {x: 1, y: 2, w: 3, h: 4}\n  selector: '#key'\n```\n\n"
    text = files["first-day/guide.md"].decode()
    assert block in text

    guide = tmp_path / "first-day" / "guide.md"
    guide.write_text(text.replace(block, "").replace("Type a word", "Type words"))
    assert states(tmp_path, force=True)[0] == UPDATED
    look.refresh_from_db()
    assert look.screenshot.blurred == blurred

    Screenshot.objects.update(blurred=[])
    guide.write_text(text)
    assert take(tmp_path, force=True)[0] == (UPDATED, "")
    look.refresh_from_db()
    assert look.screenshot.blurred == blurred

    guide.write_text(text.replace("x: 1", "x: 101"))
    assert "from 0 to 100" in take(tmp_path, force=True)[0][1]


def export(folder):
    list(Export(folder).run())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def take(folder, **options):
    work = Import(folder, at=timezone.now(), **options)
    return [(outcome.state, outcome.why) for outcome in work.run()]


def states(folder, **options):
    return [state for state, _ in take(folder, **options)]


def test_what_is_exported_is_the_same_after_reading_it_elsewhere(full, tmp_path):
    first = export(tmp_path / "a")
    keys = list(full.steps.values_list("key", flat=True))
    Question.objects.all().delete()
    Step.objects.all().delete()
    Video.objects.all().delete()
    Screenshot.objects.all().delete()
    full.delete()

    assert take(tmp_path / "a") == [(CREATED, ""), (CREATED, "")]
    assert export(tmp_path / "b") == first
    assert list(Guide.objects.get().steps.values_list("key", flat=True)) == keys
    assert sorted(first) == [
        "first-day/guide.md",
        "first-day/look-around.png",
        "first-day/search.captions.vtt",
        "first-day/search.mp4",
        "first-day/search.poster.png",
        "first-day/search.transcript.md",
        "questions/signing-in.md",
    ]


def test_markdown_is_read_whatever_its_ending_is(full, tmp_path):
    export(tmp_path / "a")
    for path in (tmp_path / "a").rglob("*.md"):
        if not path.stem.endswith(".transcript"):
            path.rename(path.with_suffix(".markdown"))

    assert states(tmp_path / "a") == [UNCHANGED, UNCHANGED]


def test_reading_again_changes_nothing(full, tmp_path):
    export(tmp_path)

    assert states(tmp_path) == [UNCHANGED, UNCHANGED]
    assert states(tmp_path, force=True) == [UNCHANGED, UNCHANGED]
    assert Screenshot.objects.count() == 2 and Video.objects.count() == 1


@pytest.fixture
def folder(tmp_path):
    """A guide written by hand."""
    place = tmp_path / "docs" / "sign-in"
    place.mkdir(parents=True)
    (place / "page.png").write_bytes(png().getvalue())
    (place / "guide.md").write_text(
        "---\ntitle: Sign in\nroles: [reader]\n---\n\n## Open it {#open}\n\n![The page](page.png)\n"
        "\n```callouts\n- {kind: box, box: {x: 1, y: 1, w: 9, h: 9}, selector: a}\n```\n"
        "\n## Type your name\n"
    )
    return place.parent


def edit(folder, old, new):
    file = next(folder.rglob("guide.md"))
    file.write_text(file.read_text().replace(old, new))


def test_a_changed_file_updates_the_guide_in_place(folder, alice):
    assert states(folder, publish=True) == [CREATED]
    before = {step.title: step.key for step in Step.objects.all()}
    edit(folder, "## Open it {#open}", "## Go there {#open}")

    assert states(folder, publish=True) == [UPDATED]

    guide = Guide.objects.get()
    after = {step.title: step.key for step in guide.steps.all()}
    assert after == {"Go there": before["Open it"], "Type your name": before["Type your name"]}
    assert guide.published.number == 2 and Screenshot.objects.count() == 1


def test_steps_are_added_removed_and_reordered(folder):
    take(folder)
    edit(folder, "## Type your name", "## Wait\n\n## Open the mail")
    edit(folder, "## Open it {#open}", "## First\n\n## Open it {#open}")

    assert states(folder) == [UPDATED]
    titles = [step.title for step in Guide.objects.get().steps.all()]
    assert titles == ["First", "Open it", "Wait", "Open the mail"]


def test_a_change_in_the_portal_alone_stays(folder, alice):
    take(folder)
    Step.objects.get(title="Open it").edit(by=alice, text="Mine")

    assert states(folder) == [UNCHANGED]
    assert Step.objects.get(title="Open it").text == "Mine"


def test_a_change_on_both_sides_is_refused(folder, alice):
    take(folder)
    Step.objects.get(title="Open it").edit(by=alice, text="Mine")
    edit(folder, "Type your name", "Type it")

    ((state, why),) = take(folder)
    assert state == REFUSED and "--force" in why
    assert Step.objects.get(title="Open it").text == "Mine"

    assert states(folder, force=True) == [UPDATED]
    assert Step.objects.get(title="Open it").text == ""


def test_a_guide_of_the_portal_is_not_overwritten_by_a_folder_of_its_name(folder, alice):
    Guide.objects.start("Sign in", by=alice)

    assert states(folder) == [REFUSED]


def test_a_dry_run_leaves_nothing(folder, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"

    assert states(folder, dry_run=True, publish=True) == [CREATED]
    assert not Guide.objects.exists()
    assert not [path for path in (tmp_path / "media").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("page.png", "../../secret.png", "There is no file"),
        ("page.png", "/etc/passwd.png", ""),
        ("page.png", "gone.png", "There is no file gone.png"),
        ("kind: box", "kind: cloud", "callouts: Callout 1: its kind"),
        ("roles: [reader]", "roles: [king]", "roles"),
        ("roles: [reader]", "minutes: many", "“minutes” is a number"),
        ("roles: [reader]", "slug: questions", "uses this address"),
        ("## Type your name", "## x\n\n```page\naddress: ftp://x\n```", "page: The address"),
        ("## Type your name", "## x\n\n```video\nfile: page.png\n```", "not an MP4"),
    ],
)
def test_a_refusal_says_what_and_leaves_nothing(folder, tmp_path, settings, old, new, words):
    settings.MEDIA_ROOT = tmp_path / "media"
    edit(folder, old, new)

    ((state, why),) = take(folder)

    if words:
        assert state == REFUSED and words in why
        assert not Guide.objects.exists()
        assert not [path for path in (tmp_path / "media").rglob("*") if path.is_file()]


def test_a_picture_behind_a_link_out_of_the_folder_is_not_read(folder, tmp_path):
    (tmp_path / "secret.png").write_bytes(png().getvalue())
    (folder / "sign-in" / "page.png").unlink()
    (folder / "sign-in" / "page.png").symlink_to(tmp_path / "secret.png")

    assert states(folder) == [REFUSED]


def test_a_picture_that_is_a_link_to_itself_is_refused(folder):
    (folder / "sign-in" / "page.png").unlink()
    (folder / "sign-in" / "page.png").symlink_to(folder / "sign-in" / "page.png")

    assert states(folder) == [REFUSED]


def test_plain_markdown_is_taken(tmp_path):
    (tmp_path / "Sign in.md").write_text("# How to sign in\n\n1. Open it.\n2. Type your name.\n")

    assert states(tmp_path) == [CREATED]
    guide = Guide.objects.get()
    assert (guide.slug, guide.title) == ("sign-in", "How to sign in")
    assert [step.title for step in guide.steps.all()] == ["Open it", "Type your name"]


def test_guides_may_need_one_another_in_any_order(tmp_path):
    for name, needs in (("a", "[b]"), ("b", "[]")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "guide.md").write_text(f"---\nprerequisites: {needs}\n---\n## x\n")

    assert states(tmp_path) == [CREATED, CREATED]
    assert [each.slug for each in Guide.objects.get(slug="a").prerequisites.all()] == ["b"]
    assert states(tmp_path) == [UNCHANGED, UNCHANGED]


@pytest.mark.parametrize(
    ("about", "line"),
    [
        ("minutes: many", 4),
        ("minutes: 0", 4),
        ("roles: [king]", 4),
        ("roles: king", 4),
        ("purpose: [a]", 4),
        ("# why\nposition: -1", 5),
        ("slug: me", 4),
        ("owner: [", 4),
    ],
)
def test_a_refusal_of_what_is_said_of_a_guide_names_its_line(tmp_path, about, line):
    (tmp_path / "x.md").write_text(f"---\ntitle: X\n\n{about}\n---\n\n## One\n")
    [outcome] = Import(tmp_path, at=timezone.now()).run()

    assert outcome.path == f"x.md:{line}"
    assert not Guide.objects.exists()


def test_a_question_changed_on_both_sides_is_refused(tmp_path, alice):
    file = tmp_path / "questions.md"
    file.write_text("## Where?\n\nThere.\n\n## When?\n\nNow.\n")
    assert states(tmp_path) == [CREATED, CREATED]
    Question.objects.get(slug="where").write(answer="Mine")
    file.write_text(file.read_text().replace("There", "Here").replace("Now", "Then"))

    assert states(tmp_path) == [REFUSED, UPDATED]
    assert Question.objects.get(slug="where").answer == "Mine"
    assert states(tmp_path, force=True) == [UPDATED, UNCHANGED]


def test_the_commands_report_and_fail_when_something_is_refused(folder, tmp_path):
    out = StringIO()
    call_command("import_guides", folder, publish=True, stdout=out)
    call_command("export_guides", tmp_path / "out", stdout=out)
    assert "created   sign-in/guide.md" in out.getvalue()

    edit(folder, "page.png", "gone.png")
    with pytest.raises(CommandError, match="1 refused"):
        call_command("import_guides", folder, stdout=StringIO())
    with pytest.raises(CommandError, match="no folder"):
        call_command("import_guides", tmp_path / "nowhere")


RECORDING = {
    "title": "Find a runbook",
    "steps": [
        {"type": "setViewport", "width": 1200, "height": 800, "isMobile": False},
        {"type": "navigate", "url": "http://127.0.0.1:8000/runbooks/?q=disk"},
        {"type": "change", "value": "disk", "selectors": [["aria/Search"], ["#q"], ["xpath///*"]]},
        {"type": "keyDown", "key": "Enter"},
        {"type": "keyUp", "key": "Enter"},
        {"type": "waitForElement", "selectors": [".results"]},
        {"type": "click", "selectors": [["#main a"], ["text/Disk"]], "offsetX": 1, "offsetY": 2},
    ],
}


def test_a_recording_makes_a_step_of_each_action(tmp_path, settings):
    settings.ADDRESS = "http://127.0.0.1:8000"
    (tmp_path / "find.json").write_text(json.dumps(RECORDING))

    assert states(tmp_path) == [CREATED]
    steps = list(Guide.objects.get().steps.all())
    assert [step.title for step in steps] == [
        "Open /runbooks/?q=disk",
        "Fill in Search",
        "Press Enter",
        "Wait for .results",
        "Click on Disk",
    ]
    last = steps[-1]
    assert last.page["width"] == 1200 and last.page["address"] == "/runbooks/?q=disk"
    assert [click["do"] for click in last.page["clicks"]] == ["fill", "press", "wait"]
    assert last.callouts[0]["selector"] == "#main a" and last.control == "Disk"


SECRET_FIELDS = [
    ["aria/Password"],
    ["aria/Neues Kennwort"],
    ["aria/Mot de passe"],
    ["aria/Contraseña"],
    ["aria/Пароль"],
    ["aria/密码"],
    ["aria/パスワード"],
    ["aria/비밀번호"],
    ["aria/كلمة المرور"],
    ["aria/סיסמה"],
    ["aria/Einmalcode"],
    ["aria/Código de verificación"],
    ["aria/确认验证码"],
    ["aria/API-Schlüssel"],
    ["aria/Clé d’accès"],
    ["aria/Jeton"],
    ["aria/x", "input[type='password']"],
    ["aria/x", "[autocomplete=one-time-code]"],
    ["aria/x", "input[name=cc-number]"],
    ["#apiKey"],
    ["#ssh_keys"],
    ["#personal-access-token"],
]
OPEN_FIELDS = [["aria/Keyword"], ["aria/Opinion"], ["#footprint"], ["aria/Tanja"], ["aria/検索"]]


def told_of(tmp_path, selectors, *, key=""):
    """All that is kept of a recording in which something is typed into a field."""
    field = {"selectors": [[each] for each in (*selectors, "#x")]}
    steps = [*RECORDING["steps"][:2], {"type": "change", "value": "hunter2", **field}]
    steps += [{"type": "keyDown", "key": key}] if key else []
    (tmp_path / "a.json").write_text(json.dumps({"title": "x", "steps": steps}))
    take(tmp_path)
    return str(list(Step.objects.values()))


@pytest.mark.parametrize("selectors", SECRET_FIELDS, ids=str)
def test_what_was_typed_into_a_secret_field_is_left_out(tmp_path, selectors):
    assert "hunter2" not in told_of(tmp_path, selectors, key="Ω")
    assert "Ω" not in str(list(Step.objects.values()))


@pytest.mark.parametrize("selectors", OPEN_FIELDS, ids=str)
def test_what_was_typed_into_another_field_is_kept(tmp_path, selectors):
    assert "hunter2" in told_of(tmp_path, selectors)


def test_secrets_in_an_address_are_left_out(tmp_path):
    url = "https://nina:hunter2@shop.example.org/in?apiToken=hunter2&page=2"
    steps = [{"type": "navigate", "url": url}]
    (tmp_path / "a.json").write_text(json.dumps({"title": "x", "steps": steps}))

    take(tmp_path)

    address = "https://shop.example.org/in?apiToken=&page=2"
    assert Step.objects.get().page == {"address": address}


def test_steps_that_cannot_be_read_are_passed_over_and_named(tmp_path, settings):
    settings.ADDRESS = "http://127.0.0.1:8000"
    odd = [{"type": "dance"}, "click", {"type": "click"}, {"type": "keyDown"}]
    odd += [{"type": "change", "selectors": ["a"]}, {"type": "click", "selectors": [["aria/x"]]}]
    back = {"type": "click", "selectors": [["aria/Disk"], ["#d"]], "button": "back"}
    steps = [*RECORDING["steps"], *odd, back, RECORDING["steps"][-1]]
    (tmp_path / "a.json").write_text(json.dumps({"title": "x", "steps": steps}))

    ((state, why),) = take(tmp_path)

    assert state == CREATED
    first = len(RECORDING["steps"]) + 1
    assert why.split("; ") == [
        f"step {first} of the recording is passed over: its type “dance” is not known",
        f"step {first + 1} of the recording is passed over: it has no type",
        f"step {first + 2} of the recording is passed over: it has no selector",
        f"step {first + 3} of the recording is passed over: it has no key",
        f"step {first + 4} of the recording is passed over: it has no value",
        "2 more of these",
    ]
    *_, pressed, last = Guide.objects.get().steps.all()
    assert pressed.title == "Click with the back button on Disk"
    assert "#d" not in {click["selector"] for click in last.page["clicks"]}
    assert '"button": "back"' in recording(Guide.objects.get())


def broken(step, *, title="x"):
    return json.dumps({"title": title, "steps": [*RECORDING["steps"][:2], step]})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "It is not JSON"),
        ("[" * 100_000, "It is not JSON"),
        ("[]", "no recording"),
        ('{"title": "x"}', "no recording"),
        ('{"title": "x", "steps": []}', "no action"),
        ('{"title": "x", "steps": [{"type": "keyDown", "key": "a"}]}', "Step 1 of the recording"),
        (broken({"type": "navigate", "url": "javascript:alert(1)"}), "does not begin with http"),
        (broken({"type": "navigate", "url": 5}), "cannot be read"),
    ],
)
def test_a_broken_recording_is_refused_with_its_step(tmp_path, content, words):
    (tmp_path / "a.json").write_text(content)

    ((state, why),) = take(tmp_path)
    assert state == REFUSED and words in why
    assert not Guide.objects.exists()


def asked() -> list[tuple[str, str]]:
    return list(Question.objects.values_list("topic", "question"))


def test_topics_and_their_questions_keep_the_order_of_the_files(tmp_path):
    (tmp_path / "in" / "questions").mkdir(parents=True)
    for name, topic, names in (
        ("1", "Zebra", ("C", "A")),
        ("2", "Apple", ("D",)),
        ("3", "Zebra", ("B", "0")),
    ):
        text = "\n".join(f"## {each}\n\nSo." for each in names)
        file = tmp_path / "in" / "questions" / f"{name}.md"
        file.write_text(f"---\ntopic: {topic}\n---\n{text}")
    states(tmp_path / "in")
    order = [("Zebra", each) for each in "CAB0"] + [("Apple", "D")]
    assert asked() == order

    first = export(tmp_path / "a")
    Question.objects.all().delete()
    states(tmp_path / "a")
    assert asked() == order and export(tmp_path / "b") == first


def test_a_file_says_where_its_topic_stands(tmp_path):
    Question(topic="Old", question="Old?").write(answer="So.")
    (tmp_path / "questions").mkdir()
    for name, position in (("a", 7), ("b", 3)):
        text = f"---\ntopic: {name}\nposition: {position}\n---\n## {name}?\n\nSo.\n"
        (tmp_path / "questions" / f"{name}.md").write_text(text)
    states(tmp_path)
    Question(topic="Late", question="Late?").write(answer="So.")
    Question(topic="b", question="a new one").write(answer="So.")

    assert [topic for topic, _ in asked()] == ["Old", "b", "b", "a", "Late"]

    (tmp_path / "questions" / "a.md").write_text("---\nposition: x\n---\n## One\n")
    outcome = next(each for each in Import(tmp_path, at=timezone.now()).run() if each.why)
    assert (outcome.path, outcome.why) == ("questions/a.md:2", "“position” is a number.")
