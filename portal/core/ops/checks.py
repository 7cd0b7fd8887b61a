"""What start-up refuses, each with a sentence that says what to set."""

import os
import re
from difflib import get_close_matches
from email.utils import parseaddr
from ipaddress import ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from portal.core.outgoing.allowances import first_wrong
from portal.core.outgoing.client import target_of
from portal.core.outgoing.connections import Refused

SETTINGS = "settings"  # the tag of checks that read names only
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
KNOWN_SECRETS = ("django-insecure", "changeme", "change-me", "secret", "example", "password")
SHORTEST_SECRET = 50
SHORTEST_TOKEN = 16
NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"
HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:[0-9]+)?")
OIDC_NAMES = ("OIDC_SERVER_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")


@register(Tags.security, deploy=True)
def hosts_are_named(app_configs, **kwargs):
    hosts = settings.ALLOWED_HOSTS
    if not hosts:
        yield Error(
            "PORTAL_HOSTS is empty, so nobody could reach the portal.",
            hint="Set it to the names it is reached by, such as PORTAL_HOSTS=portal.example.org.",
            id="portal.E001",
        )
    if "*" in hosts:
        yield Error(
            "PORTAL_HOSTS has “*”: anybody could make the portal send links to another host.",
            hint="Set it to the names it is reached by, such as PORTAL_HOSTS=portal.example.org.",
            id="portal.E001",
        )


@register(Tags.security, deploy=True)
def debugging_is_off(app_configs, **kwargs):
    if settings.DEBUG:
        yield Error(
            "PORTAL_DEBUG is on: error pages would show settings and code to visitors.",
            hint="Unset PORTAL_DEBUG or set PORTAL_DEBUG=0.",
            id="portal.E002",
        )


@register(Tags.security, deploy=True)
def secret_is_secret(app_configs, **kwargs):
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:
        return  # what begins first makes one at random
    known = key.lower().startswith(KNOWN_SECRETS)
    if known or len(key) < SHORTEST_SECRET or len(set(key)) < 10:
        yield Error(
            "PORTAL_SECRET_KEY can be guessed: whoever does signs in as anybody.",
            hint="Unset it, then the portal makes one and keeps it in the data folder; "
            f"or set {SHORTEST_SECRET} random characters or more.",
            id="portal.E003",
        )


@register(Tags.security, deploy=True)
def passwords_travel_encrypted(app_configs, **kwargs):
    public = [host for host in settings.ALLOWED_HOSTS if not is_loopback(host)]
    if public and not settings.HTTPS and not settings.ALLOW_HTTP:
        yield Error(
            f"PORTAL_HTTPS=0 would send passwords in the clear to {', '.join(public)}.",
            hint="Put a proxy with TLS in front and unset PORTAL_HTTPS; "
            "or set PORTAL_ALLOW_HTTP=1 if the network itself is encrypted.",
            id="portal.E004",
        )


@register(Tags.security, deploy=True)
def data_can_be_written(app_configs, **kwargs):
    folder = next(each for each in (settings.DATA_DIR, *settings.DATA_DIR.parents) if each.exists())
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        yield Error(
            f"The data folder {settings.DATA_DIR} cannot be written.",
            hint="Set PORTAL_DATA to a folder that this account may write to.",
            id="portal.E005",
        )


@register(Tags.security, deploy=True)
def single_sign_on_is_whole(app_configs, **kwargs):
    missing = [f"PORTAL_{name}" for name in OIDC_NAMES if not getattr(settings, name)]
    if 0 < len(missing) < len(OIDC_NAMES):
        yield Error(
            f"Single sign-on is configured by half: {' and '.join(missing)} is missing.",
            hint="Set all of PORTAL_OIDC_SERVER_URL, PORTAL_OIDC_CLIENT_ID and "
            "PORTAL_OIDC_CLIENT_SECRET, or none of them.",
            id="portal.E006",
        )


@register(Tags.security, deploy=True)
def mail_is_whole(app_configs, **kwargs):
    if not settings.EMAIL_BACKEND:
        yield Error(
            "PORTAL_EMAIL_URL names no kind of mail server that the portal knows.",
            hint="Begin it with submission:// or smtp://, or unset it.",
            id="portal.E007",
        )
    elif settings.EMAIL_BACKEND != NO_MAIL and not is_mailbox(settings.DEFAULT_FROM_EMAIL):
        yield Error(
            "PORTAL_EMAIL_URL is set, but PORTAL_EMAIL_FROM is no address of a sender.",
            hint="Set it to an address such as “Ops Portal <portal@example.org>”.",
            id="portal.E007",
        )


@register(Tags.security, deploy=True)
def address_is_an_origin(app_configs, **kwargs):
    parts = urlsplit(settings.ADDRESS)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        yield Error(
            "PORTAL_ADDRESS is no address, so links in mails would lead nowhere.",
            hint="Set it to how people reach the portal, such as https://portal.example.org.",
            id="portal.E008",
        )


@register(Tags.security, deploy=True)
def proxies_are_addresses(app_configs, **kwargs):
    parts = settings.FORWARDED_ALLOW_IPS.split(",")
    wrong = [part for part in map(str.strip, parts) if part not in ("", "*") and not is_net(part)]
    if wrong:
        yield Error(
            f"PORTAL_FORWARDED_ALLOW_IPS has “{wrong[0]}”, which is no address and no network.",
            hint="Set it to the addresses of your proxies, such as 127.0.0.1 or 10.1.2.0/24.",
            id="portal.E022",
        )


@register(Tags.security, deploy=True)
def preloading_is_whole(app_configs, **kwargs):
    needed = settings.HTTPS and settings.SECURE_HSTS_INCLUDE_SUBDOMAINS
    if settings.SECURE_HSTS_PRELOAD and not needed:
        yield Error(
            "PORTAL_HSTS_PRELOAD has no effect without HTTPS for all subdomains.",
            hint="Set PORTAL_HSTS_SUBDOMAINS=1 too, if all hosts below it are reached by HTTPS; "
            "or unset PORTAL_HSTS_PRELOAD.",
            id="portal.E023",
        )


@register(Tags.security, deploy=True)
def video_hosts_are_hosts(app_configs, **kwargs):
    wrong = [host for host in settings.VIDEO_HOSTS if not HOST.fullmatch(host)]
    if wrong:
        yield Error(
            f"PORTAL_VIDEO_HOSTS has “{wrong[0]}”, which is no name of a host.",
            hint="Set it to names such as PORTAL_VIDEO_HOSTS=videos.example.org.",
            id="portal.E021",
        )


@register(Tags.security, deploy=True)
def outgoing_allowances_are_readable(app_configs, **kwargs):
    wrong = first_wrong(settings.OUTGOING_ALLOW)
    if wrong is not None:
        yield Error(
            f"PORTAL_OUTGOING_ALLOW has “{wrong}”, which is no host and no network.",
            hint="Set it to what may be reached, such as chat.example.org:8065 or 10.1.2.0/24.",
            id="portal.E024",
        )


@register(Tags.security, deploy=True)
def dead_man_can_be_reached(app_configs, **kwargs):
    try:
        if settings.DEAD_MAN_URL:
            target_of(settings.DEAD_MAN_URL)
    except Refused as error:
        yield Error(
            f"PORTAL_DEAD_MAN_URL cannot be posted to. {error}",
            hint="Set it to an address such as https://hc-ping.com/…",
            id="portal.E026",
        )


@register(Tags.security, deploy=True)
def metrics_token_is_long(app_configs, **kwargs):
    if 0 < len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        yield Error(
            "PORTAL_METRICS_TOKEN can be guessed: whoever does reads the figures of the portal.",
            hint=f"Set {SHORTEST_TOKEN} random characters or more, as from “openssl rand -hex 32”; "
            "or unset it, then there is no page of metrics.",
            id="portal.E025",
        )


@register(SETTINGS)
def settings_are_known(app_configs, **kwargs):
    for name in sorted(os.environ):
        if name.startswith("PORTAL_") and name not in settings.KNOWN_NAMES:
            nearest = get_close_matches(name, settings.KNOWN_NAMES, n=1)
            yield checks.Warning(
                f"{name} is no setting of the portal and has no effect.",
                hint=f"Did you mean {nearest[0]}?" if nearest else "Unset it.",
                id="portal.W001",
            )


def is_loopback(host: str) -> bool:
    """Whether only this machine itself reaches the host."""
    return host in LOOPBACK or host.endswith(".localhost")


def is_net(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def is_mailbox(text: str) -> bool:
    """Whether it is “name <address>” or an address, on one line."""
    try:
        validate_email(parseaddr(text)[1])
    except ValidationError:
        return False
    return text.isprintable()
