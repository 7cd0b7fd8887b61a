"""What this app offers to the one search."""

from django.urls import reverse

from portal.architecture.search import SERVICE
from portal.search.registry import OWNER, Kind, Text, register

from .models import Rotation

READ = "incidents.view_rotation"


def rotation_text(row: Rotation) -> Text:
    return Text(
        title=row.name,
        names=[row.slug],
        body=row.description,
        line=row.description,
        is_current=row.archived_at is None,
    )


register(
    Kind(
        name="rotation",
        label="Rotation",
        plural="Rotations",
        icon="phone",
        rows=Rotation.objects.all,
        text=rotation_text,
        address=lambda slug: reverse("oncall:rotation", args=[slug]),
        permission=READ,
        unpublished=READ,
        filters={SERVICE: "services__slug", OWNER: "owner__slug"},
    )
)
