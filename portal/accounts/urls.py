"""Signing in and one's own account. Only what is wanted of allauth: no sign-up, no e-mail pages."""

from allauth.account import views as account
from allauth.socialaccount import views as social
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from .people import views

urlpatterns = [
    path("sign-in/", login_not_required(account.login), name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("second-factor/", include("allauth.mfa.urls")),
    path("profile/", views.profile, name="profile"),
    path("profile/tokens/new/", views.new_token, name="token-new"),
    path("profile/tokens/<int:pk>/revoke/", views.revoke_token, name="token-revoke"),
    # Names that allauth looks up; all of them lead to the sign-in page.
    *(
        path(f"closed/{name}/", login_not_required(views.closed), name=f"account_{name}")
        for name in ("signup", "inactive", "email", "reset_password", "email_verification_sent")
    ),
    path("closed/social-signup/", login_not_required(views.closed), name="socialaccount_signup"),
]

if settings.OIDC_SERVER_URL:
    urlpatterns += [
        path("oidc/", include("allauth.socialaccount.providers.openid_connect.urls")),
        path(
            "oidc-cancelled/",
            login_not_required(social.login_cancelled),
            name="socialaccount_login_cancelled",
        ),
        path(
            "oidc-error/", login_not_required(social.login_error), name="socialaccount_login_error"
        ),
        path("connections/", social.connections, name="socialaccount_connections"),
    ]
