"""The templates that ship, one for each audience and moment, in our own words; all can be edited.

What is sent to customers and partners is their public text. The internal text beside it tells
colleagues what was said outside, and stands in the timeline.
"""

from django.db import migrations

OUTSIDE = "Sent to {who}: {{{{ impact }}}}. Commander: {{{{ commander }}}}."

TEMPLATES = [
    {
        "audience": "responders",
        "moment": "notice",
        "subject": "{{ severity }} {{ incident }}: {{ title }}",
        "internal_text": "We have declared {{ severity }} ({{ severity_title }}) at {{ started }}: "
        "{{ title }}.\n\nImpact: {{ impact }}.\nAffected: {{ services }}.\n"
        "Commander: {{ commander }}.\n\nJoin on the incident's page. Next update: "
        "{{ next_update }}.",
    },
    {
        "audience": "responders",
        "moment": "update",
        "subject": "Update, {{ incident }}: {{ title }}",
        "internal_text": "State: {{ state }}, for {{ duration }}.\n\nImpact now: {{ impact }}.\n"
        "Not affected: {{ not_affected }}.\nWorkaround: {{ workaround }}.\n\n"
        "Commander: {{ commander }}. Next update: {{ next_update }}.",
    },
    {
        "audience": "responders",
        "moment": "resolution",
        "subject": "Resolved, {{ incident }}: {{ title }}",
        "internal_text": "Resolved after {{ duration }}: {{ outcome }}.\n\nKeep what you found in "
        "the timeline while you remember it; the review is drafted from there. Undo temporary "
        "changes, or add a task for each.",
    },
    {
        "audience": "responders",
        "moment": "report",
        "subject": "Report, {{ incident }}: {{ title }}",
        "internal_text": "What happened: {{ impact }}, for {{ duration }}.\nWhat led to it: "
        "{{ cause }}.\nWhat ended it: {{ outcome }}.\nWhat we do next: {{ next_steps }}.\n\nAdd "
        "what is missing to the review.",
    },
    {
        "audience": "executives",
        "moment": "notice",
        "subject": "{{ severity_title }} incident: {{ title }}",
        "internal_text": "Since {{ started }}: {{ impact }}.\n\nAffected: {{ services }}. Not "
        "affected: {{ not_affected }}.\n{{ commander }} leads the response. There is nothing for "
        "you to do.\n\nNext update: {{ next_update }}.",
    },
    {
        "audience": "executives",
        "moment": "update",
        "subject": "Update: {{ title }}",
        "internal_text": "State: {{ state }}, for {{ duration }}.\n\nImpact on customers and "
        "business: {{ impact }}.\nWorkaround: {{ workaround }}.\n\nNext update: "
        "{{ next_update }}.",
    },
    {
        "audience": "executives",
        "moment": "resolution",
        "subject": "Resolved: {{ title }}",
        "internal_text": "It is over, after {{ duration }}. Impact: {{ impact }}. What ended it: "
        "{{ outcome }}.\n\nA review follows.",
    },
    {
        "audience": "executives",
        "moment": "report",
        "subject": "Report: {{ title }}",
        "internal_text": "Impact: {{ impact }}, for {{ duration }}.\nWhat led to it: {{ cause }}.\n"
        "What ended it: {{ outcome }}.\nWhat we do next: {{ next_steps }}.",
    },
    {
        "audience": "customers",
        "moment": "notice",
        "subject": "We are investigating a problem with {{ services }}",
        "public_text": "Since {{ started }}: {{ impact }}. Not affected: {{ not_affected }}.\n\n"
        "We are working on it. Next update: {{ next_update }}.",
    },
    {
        "audience": "customers",
        "moment": "update",
        "subject": "Update: {{ services }}",
        "public_text": "{{ impact }}. Not affected: {{ not_affected }}.\n\nWhat you can do "
        "meanwhile: {{ workaround }}.\n\nNext update: {{ next_update }}.",
    },
    {
        "audience": "customers",
        "moment": "resolution",
        "subject": "Resolved: {{ services }}",
        "public_text": "The problem with {{ services }} is over: {{ outcome }}. It lasted "
        "{{ duration }}.\n\nIf something still does not work, contact support.",
    },
    {
        "audience": "customers",
        "moment": "report",
        "subject": "What happened to {{ services }}, and what we do about it",
        "public_text": "What you noticed: {{ impact }}, for {{ duration }} from {{ started }}.\n\n"
        "What led to it: {{ cause }}.\n\nWhat ended it: {{ outcome }}.\n\nWhat we do so that it "
        "does not happen again: {{ next_steps }}.",
    },
    {
        "audience": "partners",
        "moment": "notice",
        "subject": "{{ incident }}: problem with {{ services }}",
        "public_text": "Since {{ started }}: {{ impact }}. Not affected: {{ not_affected }}.\n\n"
        "If you see the same, name {{ incident }} when you contact us. Next update: "
        "{{ next_update }}.",
    },
    {
        "audience": "partners",
        "moment": "update",
        "subject": "{{ incident }}, update: {{ services }}",
        "public_text": "State: {{ state }}, for {{ duration }}. {{ impact }}.\n\nWorkaround: "
        "{{ workaround }}.\n\nNext update: {{ next_update }}.",
    },
    {
        "audience": "partners",
        "moment": "resolution",
        "subject": "{{ incident }}, resolved: {{ services }}",
        "public_text": "Resolved after {{ duration }}: {{ outcome }}.\n\nSwitch off what you put "
        "in place as a workaround, and tell us what still fails.",
    },
    {
        "audience": "partners",
        "moment": "report",
        "subject": "{{ incident }}, report: {{ services }}",
        "public_text": "What happened: {{ impact }}, for {{ duration }} from {{ started }}.\n\n"
        "What led to it: {{ cause }}.\n\nWhat ended it: {{ outcome }}.\n\nWhat we do next: "
        "{{ next_steps }}.",
    },
]
AUDIENCES = ("responders", "executives", "customers", "partners")


def texts_of(each: dict) -> dict:
    """All columns of a template that ships."""
    outside = each["audience"] in ("customers", "partners")
    internal = OUTSIDE.format(who=each["audience"]) if outside else ""
    return {"public_text": "", "internal_text": internal, **each}


def ship(apps, schema_editor):
    """What an operator has made before stays as it is."""
    templates = apps.get_model("incidents", "CommunicationTemplate").objects
    for each in map(texts_of, TEMPLATES):
        slug = f"{each['audience']}-{each['moment']}"
        templates.get_or_create(slug=slug, defaults=each)
    for name in AUDIENCES:
        apps.get_model("incidents", "Audience").objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0003_severities"),
    ]

    operations = [
        migrations.RunPython(ship, migrations.RunPython.noop),
    ]
