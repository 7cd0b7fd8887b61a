from django.db.models import TextChoices


class Section(TextChoices):
    """The six sections: also the folders of the docs tree and of the export."""

    RUNBOOKS = "runbooks", "Runbooks"
    INCIDENT_RESPONSE = "incident-response", "Incident response"
    USER_GUIDE = "user-guide", "User guide"
    API = "api", "API"
    ARCHITECTURE = "architecture", "Architecture"
    DISASTER_RECOVERY = "disaster-recovery", "Disaster recovery"


class Kind(TextChoices):
    """What a runbook is for; each kind has a template."""

    DEPLOYMENT = "deployment", "Deployment"
    ROLLBACK = "rollback", "Rollback"
    CONFIGURATION = "configuration", "Configuration"
    TROUBLESHOOTING = "troubleshooting", "Troubleshooting"
    RECOVERY = "recovery", "Recovery"
    MAINTENANCE = "maintenance", "Maintenance"
    INCIDENT_RESPONSE = "incident-response", "Incident response"
    REFERENCE = "reference", "Reference"


# Kinds whose commands change systems: an old text of one may no longer fit what it would change,
# so that going back to it is reviewed again, although it was approved once.
REVIEWED_AGAIN = (Kind.DEPLOYMENT, Kind.ROLLBACK, Kind.CONFIGURATION, Kind.RECOVERY)


class State(TextChoices):
    """Where a version stands on its way to the readers."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"
    SUPERSEDED = "superseded", "Superseded"
    REJECTED = "rejected", "Rejected"


OPEN = (State.DRAFT, State.IN_REVIEW)
READABLE = (State.PUBLISHED, State.SUPERSEDED)
