"""How gunicorn serves the portal: `gunicorn --config python:portal.gunicorn portal.wsgi`."""

import http.client
import logging
import os
import shutil
import tempfile
from pathlib import Path
from threading import Thread

from portal import settings

bind = settings.BIND
workers = settings.WORKERS
threads = settings.THREADS
worker_class = "portal.core.ops.deadlines.Worker"
forwarded_allow_ips = settings.FORWARDED_ALLOW_IPS

# Longer than the 60 seconds after which common proxies close, so that they are never surprised.
keepalive = 75
timeout = 60
graceful_timeout = 30
control_socket_disable = True

# The heartbeat file of a worker on a slow disk would make a healthy worker look dead.
if Path("/dev/shm").is_dir():  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108

logconfig_dict = settings.LOGGING | {
    "loggers": {
        "gunicorn.error": {"level": settings.LOG_LEVEL, "propagate": True},
        "gunicorn.access": {"level": "CRITICAL", "propagate": False},
    }
}


def on_starting(server):
    """Let the processes count requests together: each reads the variable when it starts."""
    server.figures = tempfile.mkdtemp(prefix="portal-metrics-", dir=globals().get("worker_tmp_dir"))
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = server.figures


def on_exit(server):
    shutil.rmtree(server.figures, ignore_errors=True)


def post_worker_init(worker):
    """Say once, from the first worker that could load the portal, that it answers."""
    if worker.age == 1:
        Thread(target=announce, daemon=True).start()


def announce() -> None:
    try:
        ask_health()
    except OSError as error:
        logging.getLogger(__name__).warning("No answer on %s: %s", bind, error)
    else:
        own = f"http://{local_address()}"
        others = f", for people {settings.ADDRESS}" if own != settings.ADDRESS else ""
        print(f"ready: {own}{others}", flush=True)


def ask_health() -> None:
    """Raises OSError unless /healthz answers 200 on the address to listen on."""
    connection = http.client.HTTPConnection(local_address(), timeout=30)
    connection.request("GET", "/healthz")
    status = connection.getresponse().status
    if status != http.client.OK:
        raise OSError(f"/healthz answers {status}")


def local_address() -> str:
    """Where this machine reaches what listens on `bind`."""
    host, _, port = bind.rpartition(":")
    return f"{'127.0.0.1' if host in ('', '0.0.0.0', '[::]') else host}:{port}"  # noqa: S104
