"""The signed-in floor: one row by its key, its stored bytes, nothing else."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse

from portal.accounts.signin.authentication import TokenAuthentication
from runbooks.models import Version

sign_in = TokenAuthentication().authenticate


@login_not_required
def by_token(request, pk):
    if sign_in(request) is None:
        return HttpResponse(status=401)
    return _answer(pk)


def by_session(request, pk):
    return _answer(pk)


def _answer(pk):
    text = Version.objects.values_list("text", flat=True).get(pk=pk)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
