"""The page about the settings: names and defaults are read from the code itself."""

import ast
from pathlib import Path

PREFIX = "PORTAL_"
# what the default is called where the code computes it
COMPUTED = {
    "DATA": "`data` in the checkout",
    "DATABASE_URL": "SQLite in `PORTAL_DATA`",
    "STATIC_ROOT": "`static` in `PORTAL_DATA`",
    "SECRET_KEY": "kept in `PORTAL_DATA/secret-key`",
    "ADDRESS": "made of the first of `PORTAL_HOSTS`",
    "EMAIL_URL": "none: messages wait",
    "DEMO_PASSWORD": "made anew",
}
SECTIONS = {
    "Addresses": {
        "HOSTS": "the names by which it is reached; without one it does not serve",
        "BIND": "the address and port to listen on",
        "HTTPS": "people reach it by HTTPS: cookies and HSTS rely on that",
        "HSTS_SUBDOMAINS": "HSTS holds for all hosts below it, too; only if they all have HTTPS",
        "HSTS_PRELOAD": "browsers may put it on their lists of HTTPS only, which is hard to undo; "
        "needs `PORTAL_HSTS_SUBDOMAINS`",
        "ALLOW_HTTP": "serve other machines without HTTPS; only where the network itself is "
        "encrypted",
        "BEHIND_PROXY": "believe the proxy's `X-Forwarded-Proto` and the last addresses of "
        "`X-Forwarded-For`; only if the proxy sets both itself",
        "FORWARDED_ALLOW_IPS": "the addresses or networks of the proxies whose forwarded headers "
        "are believed; `*` believes whoever connects",
        "TRUSTED_ORIGINS": "further origins that may send forms, such as "
        "`https://other.example.org`",
        "ADDRESS": "how links in mails begin, such as `https://portal.example.org`, and where "
        "`retake_screenshots` finds the portal",
        "SITE_NAME": "the name in the pages and in authenticator apps",
        "TIME_ZONE": "for people who did not choose their own",
        "PUBLIC_STATUS": "show the status page to everybody, at `/status/public/`: only what was "
        "approved for customers",
    },
    "Storage": {
        "DATA": "the folder with the SQLite file, the images and the secret key",
        "DATABASE_URL": "another database, as `postgres://USER:PASSWORD@HOST/NAME`",
        "CACHE_URL": "Redis or Valkey, as `redis://HOST:6379/0` or `valkey://…`: there limits are "
        "counted for all machines together; without one, API requests are for each machine",
        "STATIC_ROOT": "where static files are collected",
    },
    "Sign-in": {
        "SECRET_KEY": "signs sessions; 50 random characters or more",
        "SESSION_HOURS": "after how long people sign in again",
        "OIDC_SERVER_URL": "the provider of single sign-on",
        "OIDC_CLIENT_ID": "as which client; set together with the secret",
        "OIDC_CLIENT_SECRET": "the client's secret",
        "OIDC_NAME": "what the button says",
        "OIDC_DEFAULT_ROLE": "the role of those who come for the first time",
    },
    "Mail and calls": {
        "EMAIL_URL": "the mail server, as `submission://USER:PASSWORD@HOST:587` (STARTTLS), "
        "`smtp://HOST:465?ssl=1` or `smtp://HOST`; the engine sends",
        "EMAIL_FROM": "the sender, such as `Ops Portal <portal@example.org>`; set together with "
        "the server",
        "OUTGOING_ALLOW": "hosts and networks outside the public internet that webhooks and "
        "services may be reached at, as `chat.example.org`, `chat.example.org:8065`, "
        "`10.1.2.0/24` or `[fd00::5]:443`; all others are refused",
        "DEAD_MAN_URL": "an address outside that each engine posts to once a minute, such as the "
        "ping address of a check at healthchecks: it tells you when the engine itself is dead",
    },
    "Retention": {
        "KEEP_DELIVERIES_DAYS": "days after which the engine removes the texts of messages that "
        "were sent, four times as many for failed ones; `0` keeps them for ever",
        "KEEP_ALERTS_DAYS": "days after which the engine deletes resolved alerts; `0` keeps them "
        "for ever",
        "KEEP_RECEIVED_DAYS": "days for which it can be seen what tools sent to intakes, as it "
        "came; `0` keeps it for ever",
        "KEEP_PINGS": "pings with what came with them (100 kB each at most) that are kept of each "
        "instance of a heartbeat; some more until they are cleared away",
        "KEEP_PINGS_DAYS": "days after which the engine removes pings; `0` keeps them for ever",
        "KEEP_FLIPS_DAYS": "days after which the engine removes what is known of when a heartbeat "
        "went down and came up; `0` keeps that for ever",
        "ANONYMISE_PROGRESS_DAYS": "days without a visit after which nobody knows any more whose "
        "progress in a guide it is; `0` keeps that for ever",
    },
    "Videos and pictures of guides": {
        "VIDEO_MB": "the largest video that is taken, in megabytes",
        "VIDEO_HOSTS": "other hosts whose videos pages may play, such as `videos.example.org`",
        "CHROMIUM": "the program that takes pictures and prints guides; if it is not there, "
        "`chromium-headless-shell` and others are looked for; empty for none",
    },
    "Capacity": {
        "WORKERS": "processes; about one for each processor",
        "THREADS": "threads in each",
        "CLIENT_SECONDS": "seconds that a request may take to arrive, and one more for each 16 kB; "
        "then the answer is 408",
        "API_RATE": "API requests a minute for each caller, in all processes together",
        "METRICS_TOKEN": "what Prometheus shows at `/metrics`: 32 random characters or more, and "
        "never fewer than 16; without one there is no such page",
        "LOG_LEVEL": "`DEBUG`, `INFO`, `WARNING` or `ERROR`",
        "DEBUG": "error pages with code and settings; `serve` refuses it",
        "DEMO_PASSWORD": "the password of the people in `./run demo`",
    },
}
HEAD = """\
---
title: Settings
kind: reference
services: [ops-portal]
---
Every environment variable that the portal reads. They are read when it starts; a name that it does
not know is reported at the start. Switches are on with `1` and off with `0`; lists are separated by
commas. This page is generated: `./run manage settings_reference` writes it.
"""
FOOT = """
## See also

- [Configure the portal](../runbooks/configure-the-portal.md)
"""


def read_by(settings: Path) -> dict[str, object]:
    """The names that `env.…("NAME", default)` reads there, with defaults that are constants."""
    found: dict[str, object] = {}
    for node in ast.walk(ast.parse(settings.read_text())):
        if isinstance(node, ast.Call) and _is_env(node.func) and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                found[name.value] = _constant(node.args[1] if len(node.args) > 1 else None)
    return found


def _is_env(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "env"
    )


def _constant(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def reference(settings: Path) -> str:
    """The page in Markdown. Raises ValueError if a setting is not described, or is no more."""
    read = read_by(settings) | {"DEMO_PASSWORD": None}
    described = {name for names in SECTIONS.values() for name in names}
    if described != set(read):
        differ = ", ".join(sorted(described ^ set(read)))
        raise ValueError(f"Either described here or read by the settings, not both: {differ}")
    parts = [_section(title, names, read) for title, names in SECTIONS.items()]
    return HEAD + "".join(parts) + FOOT


def _section(title: str, names: dict[str, str], read: dict[str, object]) -> str:
    rows = [
        f"| `{PREFIX}{name}` | {_default(name, read)} | {text} |" for name, text in names.items()
    ]
    return "\n".join(
        [f"\n## {title}\n", "| name | default | meaning |", "|---|---|---|", *rows, ""]
    )


def _default(name: str, read: dict[str, object]) -> str:
    value = read[name]
    if name in COMPUTED:
        return COMPUTED[name]
    if isinstance(value, bool):
        value = int(value)
    return "none" if value in ("", None) else f"`{value}`"
