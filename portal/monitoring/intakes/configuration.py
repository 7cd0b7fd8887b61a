"""What somebody pastes into a tool, so that its alerts come here."""

from typing import NamedTuple

from portal.monitoring.models import Intake, IntakeKind

CURL = 'curl -fsS -X POST -H "Content-Type: application/json" \\'
PLACE = "KEY"  # where the key stands once it is not shown any more
FILE_OF_GRAFANA = "Goes into provisioning/alerting/ops-portal.yaml"


class Part(NamedTuple):
    """A text to copy."""

    title: str
    where: str  # it goes
    text: str


def configuration_of(intake: Intake, key: str = PLACE) -> list[Part]:
    """With the key while it is known, and with a place for it afterwards."""
    return {
        IntakeKind.ALERTMANAGER: _alertmanager,
        IntakeKind.GRAFANA: _grafana,
        IntakeKind.PAGERDUTY: _pagerduty,
        IntakeKind.GENERIC: _generic,
    }[IntakeKind(intake.kind)](intake, intake.address(key), key)


def _alertmanager(intake: Intake, address: str, key: str) -> list[Part]:
    text = f"""route:
  receiver: ops-portal
receivers:
  - name: ops-portal
    webhook_configs:
      - url: {address}
        send_resolved: true
"""
    return [
        Part(
            "Receiver of Alertmanager",
            "Goes into alertmanager.yml; if that has routes, add the receiver and route to it",
            text,
        ),
        _trial(address, _webhook('"version": "4", ')),
    ]


def _webhook(more: str = "") -> str:
    """What Alertmanager and Grafana send of one alert, as small as it may be."""
    return f"""{{{more}"status": "firing", "alerts": [{{"status": "firing",
       "labels": {{"alertname": "Trial", "severity": "info"}},
       "annotations": {{"summary": "A trial of this intake"}}}}]}}"""


def _trial(address: str, body: str, ends: str = '"status": "resolved"') -> Part:
    text = f"""{CURL}
  -d '{body}' \\
  {address}
"""
    return Part("Try it", f"Run it in a terminal; the same with {ends} ends it", text)


def _grafana(intake: Intake, address: str, key: str) -> list[Part]:
    signed = f"""          hmacConfig:
            secret: {intake.secret if key != PLACE else "SECRET"}
            header: X-Grafana-Alerting-Signature
            timestampHeader: X-Grafana-Alerting-Timestamp
"""
    text = f"""apiVersion: 1
contactPoints:
  - orgId: 1
    name: ops-portal
    receivers:
      - uid: ops-portal
        type: webhook
        settings:
          url: {address}
          httpMethod: POST
{signed if intake.is_signed else ""}        disableResolveMessage: false
"""
    return [
        Part("Address", "Goes into the URL of a contact point of the kind webhook", address),
        Part("The contact point as a file", FILE_OF_GRAFANA, text),
        *([] if intake.is_signed else [_trial(address, _webhook())]),
    ]


def _pagerduty(intake: Intake, address: str, key: str) -> list[Part]:
    text = f"""receivers:
  - name: ops-portal
    pagerduty_configs:
      - url: {address}
        routing_key: {key}
        send_resolved: true
"""
    return [
        Part("Address of events", "Goes where your tool has the URL of the Events API v2", address),
        Part("Routing key", "Goes where your tool has it; also called integration key", key),
        Part("For example, a receiver of Alertmanager", "Goes into alertmanager.yml", text),
        _trial(address, _event(key), '"event_action": "resolve"'),
    ]


def _event(key: str) -> str:
    return f"""{{"routing_key": "{key}", "event_action": "trigger", "dedup_key": "trial",
       "payload": {{"summary": "A trial of this intake", "source": "terminal",
                   "severity": "info"}}}}"""


def _generic(intake: Intake, address: str, key: str) -> list[Part]:
    body = """{"name": "QueueIsLong", "state": "firing", "service": "orders",
       "summary": "4,000 orders wait"}"""
    return [
        Part("Address", "Your tool sends its JSON here with POST", address),
        _trial(address, body, '"state": "resolved"'),
    ]
