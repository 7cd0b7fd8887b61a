"""What pages ask the password for, the API does not do with the session of a browser alone."""

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.urls import reverse

from portal.core.problems import DomainError


class ConfirmationRequired(DomainError):
    """With the session of a browser, this needs the password typed a moment ago; `follow` asks."""

    status, code, title = 403, "confirmation-required", "Confirm your password"


def require_confirmation(request) -> None:
    """Raises ConfirmationRequired for a session whose person did not type the password lately.

    A token does what its scopes say: the password was typed when it was made.
    """
    if request.auth is None and not did_recently_reauthenticate(request._request):
        raise ConfirmationRequired(
            "Type your password at the address in `follow`, then send it again.",
            follow=reverse("account_reauthenticate"),
        )
