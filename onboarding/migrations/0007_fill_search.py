"""Guides and questions move into the one index."""

from html import unescape

from django.db import migrations
from django.utils.html import strip_tags

from portal.search.migrations._filling import fill


def guide_entry(guide) -> dict:
    shown = "shown_" if guide.published_id else ""
    purpose, audience = (getattr(guide, f"{shown}{name}") for name in ("purpose", "audience"))
    steps = guide.published.content["steps"] if guide.published_id else []
    words = [purpose, audience, *(word for step in steps for word in words_of(step))]
    return {
        "kind": "guide",
        "key": guide.pk,
        "permission": f"onboarding.{'view' if guide.published_id else 'change'}_guide",
        "is_current": guide.archived_at is None,
        "slug": guide.slug,
        "title": getattr(guide, f"{shown}title"),
        "about": f"{guide.minutes} min",
        "line": purpose,
        "names": [guide.slug],
        "body": "\n".join(filter(None, words)),
    }


def words_of(step: dict) -> list[str]:
    shot, video = step.get("shot") or {}, step.get("video") or {}
    return [
        *(step.get("title", ""), plain(step.get("html", ""))),
        *(step.get("control", ""), step.get("result", "")),
        *(shot.get("alt", ""), video.get("title", "")),
        *(callout.get("text", "") for callout in shot.get("callouts", [])),
    ]


def question_entry(question) -> dict:
    return {
        "kind": "question",
        "key": question.pk,
        "permission": f"onboarding.{'view' if question.is_published else 'change'}_question",
        "slug": question.slug,
        "title": question.question,
        "about": question.topic,
        "line": question.topic,
        "names": [question.topic, question.slug],
        "body": plain(question.html),
    }


def plain(html: str) -> str:
    return unescape(strip_tags(html))


def put(apps, schema_editor):
    fill(
        apps,
        apps.get_model("onboarding", "Guide").objects.select_related("published"),
        guide_entry,
    )
    fill(apps, apps.get_model("onboarding", "Question").objects.all(), question_entry)


def forget(apps, schema_editor):
    apps.get_model("search", "Entry").objects.filter(kind__in=["guide", "question"]).delete()


class Migration(migrations.Migration):
    run_before = [("search", "0003_pieces")]
    dependencies = [
        ("onboarding", "0006_search_published"),
        ("search", "0001_one_index"),
    ]

    operations = [migrations.RunPython(put, forget)]
