"""PagerDuty's own client against a portal that listens.

Prometheus and Alertmanager do so in `browser/test_incident_story.py`.
"""

import ssl
import subprocess

import pytest
from pagerduty import EventsApiV2Client

from portal.monitoring.models import Alert, AlertState, Intake

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CERTIFICATE = (
    *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
    *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"),
)


@pytest.fixture
def encrypted(listening, need, tmp_path, monkeypatch):
    """The address of the same with TLS, which clients of this test believe."""
    subprocess.run([need("openssl"), *CERTIFICATE], cwd=tmp_path, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    return f"https://127.0.0.1:{listening.server_port}"


def test_the_client_of_pagerduty_works_unchanged(encrypted):
    _, key = Intake.objects.make("Events", "pagerduty")
    client = EventsApiV2Client(key, base_url=f"{encrypted}/in/pagerduty")

    told = client.trigger("Disk of db1 is full", "db1", severity="critical")
    assert Alert.objects.get().fingerprint == told
    client.acknowledge(told)
    assert Alert.objects.get().acknowledged_at
    client.resolve(told)
    assert Alert.objects.get().state == AlertState.RESOLVED
