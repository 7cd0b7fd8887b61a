"""Following a guide on the web: begin, view, tick, stuck, complete. A GET changes nothing."""

import pytest

from onboarding.models import Guide, Progress, Step, StepProgress, StuckReport
from portal.accounts.models import User

pytestmark = pytest.mark.django_db
ELSEWHERE = "6f2f7a1e-0000-4000-8000-000000000000"


@pytest.fixture
def keys(published):
    return published.published.keys


def state(model=Progress):
    return list(model.objects.order_by("pk").values_list())


def test_it_is_begun_and_leads_to_the_first_open_step(reading, nina, keys):
    answer = reading(nina, "start/", {})

    assert answer.url == f"/guides/first-day/steps/{keys[0]}/"
    Progress.objects.get(user=nina).done(keys[0])
    assert reading(nina, "start/", {}).url == f"/guides/first-day/steps/{keys[1]}/"


def test_a_step_shows_one_action_its_control_its_result_and_its_picture(reading, begun, nina, keys):
    page = reading(nina, f"steps/{keys[0]}/").text_shown

    assert "<h1>Look around</h1>" in page
    assert "Press <strong>Go</strong>" in page
    assert '<span class="control-name">Go</span>' in page
    assert "A list." in page
    assert "Step 1 of 2" in page
    assert 'viewBox="0 0 400 300"' in page


def test_picture_and_text_lead_to_each_other(reading, begun, nina, keys):
    page = reading(nina, f"steps/{keys[0]}/").text_shown

    assert '<rect x="40.0" y="60.0" width="120.0" height="45.0"' in page
    assert 'id="mark-1-1" href="#callout-1-1"' in page
    assert 'id="callout-1-1"' in page and 'href="#mark-1-1"' in page
    assert '<desc id="shot-1-said">1: Press it.</desc>' in page
    assert "The first page</title>" in page


def test_the_last_tick_leads_back_and_says_so(reading, begun, nina, keys):
    assert reading(nina, f"steps/{keys[0]}/done/", {}).url == f"/guides/first-day/steps/{keys[1]}/"
    answer = reading(nina, f"steps/{keys[1]}/done/", {}, follow=True)

    assert answer.redirect_chain[-1][0] == "/guides/first-day/"
    assert answer.text_shown.count("You completed") == 1
    begun.refresh_from_db()
    assert begun.is_complete
    step = reading(nina, f"steps/{keys[1]}/").text_shown
    assert step.count('<i class="done">') == 2 and 'class="n now"' not in step


def test_a_tick_is_taken_back(reading, begun, nina, keys):
    reading(nina, f"steps/{keys[0]}/done/", {})
    reading(nina, f"steps/{keys[0]}/undo/", {})

    assert begun.done_keys() == set()


def test_a_get_changes_nothing(reading, published, begun, nina, rita, keys):
    before = (state(), state(StepProgress), state(StuckReport))
    for person in (nina, rita):
        for place in ("", "all/", *(f"steps/{key}/" for key in keys), f"steps/{keys[0]}/?stuck"):
            assert reading(person, place).status_code == 200
        for verb in ("start/", "move-over/", "acknowledge/", f"steps/{keys[0]}/done/"):
            assert reading(person, verb).status_code == 302

    assert (state(), state(StepProgress), state(StuckReport)) == before


def test_the_open_page_says_how_long_it_was_visible(reading, begun, nina, keys):
    for seconds in (0, 12, 30):
        assert reading(nina, f"steps/{keys[0]}/seen/", {"seconds": seconds}).status_code == 204

    assert begun.steps.get(key=keys[0]).seconds == 42


@pytest.mark.parametrize("seconds", ["", "-1", "x", "1e3", "9" * 30])
def test_nonsense_is_no_time(seconds, reading, begun, nina, keys):
    assert reading(nina, f"steps/{keys[0]}/seen/", {"seconds": seconds}).status_code == 400
    assert not begun.steps.exists()


def test_without_a_script_the_tick_records_the_view(reading, begun, nina, keys):
    reading(nina, f"steps/{keys[0]}/done/", {})

    assert begun.steps.get(key=keys[0]).first_viewed_at


def test_who_has_not_begun_and_is_stuck_begins_and_loses_no_word(reading, published, rita, keys):
    place = f"steps/{keys[1]}/"
    page = reading(rita, f"{place}?stuck").text_shown
    assert "Sending it starts the guide" in page

    answer = reading(rita, f"{place}stuck/", {"text": "No box."})
    assert answer.status_code == 302
    report = StuckReport.objects.get(user=rita)
    assert (report.text, report.version) == ("No box.", published.published)
    assert Progress.objects.filter(user=rita, guide=published).exists()


def test_a_refused_report_begins_nothing(reading, published, rita, keys):
    for key, text in ((ELSEWHERE, "x"), (keys[0], " ")):
        assert reading(rita, f"steps/{key}/stuck/", {"text": text}).status_code == 400
    assert not Progress.objects.exists()


def test_nobody_is_asked_to_type_what_would_be_refused(reading, published, rita, alice, keys):
    published.archive(by=alice)

    assert "<textarea" not in reading(rita, f"steps/{keys[0]}/?stuck").text_shown


def test_stuck_keeps_the_place_the_page_and_the_version(reading, begun, nina, alice, keys):
    assert "What happened?" in reading(nina, f"steps/{keys[1]}/?stuck").text_shown
    answer = reading(nina, f"steps/{keys[1]}/stuck/", {"text": "There is no box."})

    address = f"/guides/first-day/steps/{keys[1]}/"
    assert answer.url == f"{address}#stuck"
    report = StuckReport.objects.get()
    assert (report.page, report.version, report.step_title) == (address, begun.version, "Search")
    page = reading(nina, f"steps/{keys[1]}/").text_shown
    assert "Waiting for an answer" in page and "There is no box." in page
    assert "Waiting for an answer" in reading(nina).text_shown
    report.settle(by=alice, answer="It is at the top.")
    page = reading(nina, f"steps/{keys[1]}/").text_shown
    assert "Answered" in page and "It is at the top." in page and "Alice Author" in page


def test_an_empty_report_is_refused_and_what_was_typed_is_kept(reading, begun, nina, keys):
    answer = reading(nina, f"steps/{keys[1]}/stuck/", {"text": "  "})
    assert answer.status_code == 400
    assert "Say in a line what happened." in answer.text_shown
    answer = reading(nina, f"steps/{keys[1]}/stuck/", {"text": "y" * 5001})
    assert answer.status_code == 400
    assert "y" * 5001 in answer.text_shown
    assert not StuckReport.objects.exists()


def test_nobody_sees_what_others_did(reading, begun, nina, rita, keys):
    begun.done(keys[0])
    StuckReport.objects.report(begun, keys[0], by=nina, text="My secret trouble")
    Progress.objects.start(begun.guide, by=rita)

    for place in ("", f"steps/{keys[0]}/", "all/"):
        page = reading(rita, place).text_shown
        assert "My secret trouble" not in page
        assert "1 of 2 steps done" not in page
    reading(rita, f"steps/{keys[1]}/done/", {})
    assert begun.done_keys() == {keys[0]}


@pytest.mark.parametrize("verb", ["done/", "undo/", "seen/"])
def test_who_has_not_begun_is_told_so(verb, reading, rita, keys):
    answer = reading(rita, f"steps/{keys[0]}/{verb}", {"seconds": 1, "text": "x"})

    assert answer.status_code == 400
    assert "start it first" in answer.text_shown
    assert not Progress.objects.exists()


@pytest.mark.parametrize(
    ("verb", "status"), [("done/", 404), ("undo/", 404), ("seen/", 404), ("stuck/", 400)]
)
def test_a_step_that_is_not_of_it_is_refused(verb, status, reading, begun, nina):
    for data in ({"seconds": 1, "text": "x"}, {"seconds": 1, "text": ""}):
        assert reading(nina, f"steps/{ELSEWHERE}/{verb}", data).status_code == status
    assert reading(nina, f"steps/{ELSEWHERE}/").status_code == 404
    assert not begun.steps.exists()


def test_a_step_that_was_removed_stays_for_who_is_in_the_middle(
    reading, begun, nina, rita, alice, keys
):
    Step.objects.get(key=keys[1]).remove(by=alice)
    Guide.objects.get(pk=begun.guide_id).publish(by=alice)

    assert reading(nina, f"steps/{keys[1]}/").status_code == 200
    assert reading(nina, f"steps/{keys[1]}/done/", {}).status_code == 302
    answer = reading(rita, f"steps/{keys[1]}/")
    assert answer.status_code == 404
    assert "This step is not in v2" in answer.text_shown


def test_a_step_that_came_later_is_not_in_the_older_version(reading, begun, nina, alice):
    guide = Guide.objects.get(pk=begun.guide_id)
    new = Step.objects.add(guide, by=alice, title="Later")
    guide.publish(by=alice)

    assert "Continue with step 1" in reading(nina, f"steps/{new.key}/").text_shown


def test_without_the_permission_nothing_is_recorded(published, keys, client_of):
    client = client_of(User.objects.create_user("nobody", password="x"))
    for place in ("start/", "move-over/", "acknowledge/"):
        assert client.post(f"/guides/first-day/{place}").status_code == 403
    for verb in ("done/", "undo/", "seen/", "stuck/"):
        assert client.post(f"/guides/first-day/steps/{keys[0]}/{verb}").status_code == 403
    assert not Progress.objects.exists()


def test_what_was_typed_is_shown_as_it_is(reading, begun, nina, keys):
    StuckReport.objects.report(begun, keys[0], by=nina, text="<script>alert(1)</script>")

    page = reading(nina, f"steps/{keys[0]}/").text_shown

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


@pytest.fixture
def filmed(published, alice, picture_of):
    vtt = "WEBVTT\n\n00:00.000 --> 00:05.000\nHello\n\n01:10.000 --> 01:20.000\nThe <end>\n"
    video = published.videos.create(
        title="The film",
        address="https://videos.example.org/a.mp4",
        content_type="video/mp4",
        captions=vtt,
        chapters=vtt,
        transcript="All **words**.",
        poster=picture_of(published, alice, "red"),
    )
    Step.objects.add(published, by=alice, title="Watch", video=video)
    published.publish(by=alice)
    return video


def test_a_film_has_captions_chapters_a_transcript_and_a_poster(reading, filmed, nina):
    key = Guide.objects.get(slug="first-day").published.keys[2]
    page = reading(nina, f"steps/{key}/").text_shown
    films = f"/guides/first-day/v2/{key}/"

    assert f'<track kind="captions" label="Captions" srclang="en" src="{films}captions.vtt"' in page
    assert f'src="{films}chapters.vtt"' in page
    assert f'poster="/guides/media/{filmed.poster.name}"' in page
    assert "All <strong>words</strong>" in page
    assert 'href="https://videos.example.org/a.mp4#t=70"' in page
    assert "The &lt;end&gt;" in page


def test_captions_are_for_those_who_may_read(filmed, nina, client_of):
    guide = filmed.guide
    address = f"/guides/first-day/v2/{guide.steps.last().key}/captions.vtt"
    answer = client_of(nina).get(address)
    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer.content.startswith(b"WEBVTT")
    nobody = User.objects.create_user("nobody", password="x")
    assert client_of(nobody).get(address).status_code == 403
    for none in ("v1/", "v9/", "v0/"):  # the step came later; no such version; for authors
        assert client_of(nina).get(address.replace("v2/", none)).status_code == 404
