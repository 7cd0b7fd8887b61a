from django.db import models


class AudienceName(models.TextChoices):
    """Who is told."""

    RESPONDERS = "responders", "Responders"
    EXECUTIVES = "executives", "Executives"
    CUSTOMERS = "customers", "Customers"
    PARTNERS = "partners", "Partners"


PUBLIC = (AudienceName.CUSTOMERS, AudienceName.PARTNERS)  # who gets the public text


class Moment(models.TextChoices):
    """When in an incident they are told."""

    NOTICE = "notice", "First notice"
    UPDATE = "update", "Update"
    RESOLUTION = "resolution", "Resolution"
    REPORT = "report", "Post-incident report"


WHILE_OPEN = (Moment.NOTICE, Moment.UPDATE)


class CommunicationState(models.TextChoices):
    DRAFT = "draft", "Draft"
    WAITING = "waiting", "Waiting for approval"
    RETURNED = "returned", "Sent back"
    SENT = "sent", "Sent"
    WITHDRAWN = "withdrawn", "Withdrawn"


EDITABLE = (CommunicationState.DRAFT, CommunicationState.RETURNED)
UNSENT = (*EDITABLE, CommunicationState.WAITING)
