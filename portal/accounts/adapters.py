from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings

FIRST_SIGN_IN = "first-sign-in"  # in the session, until somebody made use of it


class AccountAdapter(DefaultAccountAdapter):
    """Operators make accounts; nobody makes their own."""

    def login(self, request, user):
        """Sign in, and remember in the session if it is the first time ever."""
        is_first = user.last_login is None
        super().login(request, user)
        if is_first:
            request.session[FIRST_SIGN_IN] = True

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
