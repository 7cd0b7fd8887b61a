"""Members whose name means one thing here and another there: `Component.name`, as in `members`.

`Request`, `Row` and `Document` at the end of the name of a component, and `Patched` and `Listed`
before it, are left out.
"""

HOMONYMS: dict[str, tuple[str, object]] = {
    "Annotation.body": ("The text of the mark.", None),
    "Annotation.id": ("An address for this mark.", "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e"),
    "Annotation.target": ("Where the mark is.", None),
    "Annotation.type": ("`Annotation`.", "Annotation"),
    "Arrow.source": ("Key of the thing that it starts at.", "service-orders"),
    "Arrow.target": ("Key of the thing that it leads to.", "service-mail"),
    "CalloutBody.type": ("`TextualBody`.", "TextualBody"),
    "CalloutTarget.source": ("Address of the picture.", "https://portal.example.org/x.png"),
    "Comparison.new": ("Number of the newer version.", 2),
    "Comparison.old": ("Number of the older version.", 1),
    "ConfigurationItem.name": ("Its name, as the service reads it.", "MAIL_URL"),
    "End.outcome": ("How it ends.", "succeeded"),
    "Guide.purpose": ("What one can do after it.", "Find your way on your first day"),
    "Guide.slug": ("Its short name in addresses.", "your-first-day"),
    "Guide.title": ("Its title.", "Your first day"),
    "Guide.url": ("The page for people.", "https://portal.example.org/guides/your-first-day/"),
    "GuidePerson.name": ("Their name, for people.", "Nina Reader"),
    "GuidePerson.steps": ("How many steps there are.", 9),
    "GuideStep.title": ("What to do, in a few words.", "Open the page"),
    "Matcher.name": ("Name of the label.", "alertname"),
    "Matcher.operator": ("How the value is compared.", "=~"),
    "Matcher.value": ("The text, or an expression.", "Disk.*"),
    "Me.email": ("Where mail to you is sent; empty: nowhere.", "alice@example.org"),
    "Parameter.name": ("What stands between {{ and }} in the text.", "host"),
    "Parameter.required": ("Whether a run needs a value.", True),
    "Picture.address": ("Where the picture is.", "https://portal.example.org/guides/media/x.png"),
    "Problem.code": ("What kind of mistake it is, for programs.", "required"),
    "Problem.title": ("What it is, in a few words; the same for one `type`.", "Not Found"),
    "Problem.type": ("Address of what is said about such problems.", "/api/problems/not-found"),
    "Results.guides": ("Guides that fit.", None),
    "Results.services": ("Services that fit.", None),
    "Rollback.body": ("What to send there.", {"rollback_of": 12, "release": "v2.4.0"}),
    "StuckReport.step": ("Key of the step.", "0f8fad5b-d9cb-469f-a165-70867728950e"),
    "StepProgress.key": ("Key of the step.", "0f8fad5b-d9cb-469f-a165-70867728950e"),
    "Limits.seconds": ("The window in which they are counted.", 60),
}
