from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.shortcuts import resolve_url

MISMATCH = (
    "User name or password is wrong. Check both; an operator of the portal can set a new password."
)
FIRST_SIGN_IN = "first-sign-in"  # in the session, until somebody made use of it


class AccountAdapter(DefaultAccountAdapter):
    """Operators make accounts; nobody makes their own."""

    error_messages = DefaultAccountAdapter.error_messages | {"username_password_mismatch": MISMATCH}

    def login(self, request, user):
        request.is_first_sign_in = user.last_login is None
        super().login(request, user)

    def post_login(self, request, user, **hooks):
        """Remember that it was the first time ever, unless somebody asked for another page."""
        response = super().post_login(request, user, **hooks)
        is_first = getattr(request, "is_first_sign_in", False)
        if is_first and response.url == resolve_url(settings.LOGIN_REDIRECT_URL):
            request.session[FIRST_SIGN_IN] = True
        return response

    def is_open_for_signup(self, request):
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Whom the identity provider vouches for gets an account with the default role."""

    def is_open_for_signup(self, request, sociallogin):
        return True

    def is_auto_signup_allowed(self, request, sociallogin):
        return True

    def save_user(self, request, sociallogin, form=None):
        user = super().save_user(request, sociallogin, form)
        user.take_role(settings.OIDC_DEFAULT_ROLE)
        return user
