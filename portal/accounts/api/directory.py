"""People through the API: whom a program may name. The route stands in portal/api.py."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError

from portal.accounts.models import User
from portal.core.api.answers import AnsweringView
from portal.core.api.filters import texts
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, query
from portal.core.data.nearest import nearest

from .serializers import PersonSerializer

BY_USER_NAME = Ordering(("username",))
ASKED = [
    *FIELDS,
    query(
        "permission",
        "Only who has it, such as `runbooks.change_run`: may lead a run; may be repeated.",
        many=True,
    ),
    *PAGED,
]


class People(AnsweringView):
    """The route says who may see it: those who have to name a person."""

    area = "accounts"

    @classmethod
    def to(cls, permission: str):
        """The view for those who have this permission."""
        view: Any = type(cls.__name__, (cls,), {"permissions": {"GET": permission}})
        return view.as_view()

    @extend_schema(
        operation_id="people_list", parameters=ASKED, responses=page_of(PersonSerializer)
    )
    def get(self, request):
        """Active people by user name, page by page; without their addresses."""
        rows = User.objects.active().filter(_able(texts(request.query_params, "permission")))
        return self.listed(PersonSerializer, rows, BY_USER_NAME, "people")


def _able(names: list[str]) -> Q:
    """Who has any of these permissions. Raises ValidationError for one that there is not."""
    rows = Permission.objects.order_by().values_list("content_type__app_label", "codename")
    known = {f"{label}.{codename}" for label, codename in rows} if names else set()
    able = Q()
    for name in names:
        if name not in known:
            said = f"There is no permission “{name}”.{nearest(name, known)}"
            raise ValidationError({"permission": said})
        able |= Q(pk__in=User.objects.who_may(name).values("pk"))
    return able
