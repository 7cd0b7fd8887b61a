"""What an Alertmanager delivers: ten alerts, which still fire or which nobody has heard of."""

import json
from itertools import count

GROUPS, TOGETHER = 100, 10
KEY = "b" * 32
PATH = f"/in/alertmanager/{KEY}/"
_numbers = count(1)


def repeated(n: int) -> str:
    """A group that fires on, as most deliveries say: one of GROUPS."""
    return delivery(f"group{n % GROUPS}")


def unheard(n: int) -> str:
    """A group that was never sent before, whatever the number."""
    return delivery(f"new{next(_numbers)}")


def delivery(group: str, together: int = TOGETHER) -> str:
    alerts = [_alert(group, number) for number in range(together)]
    about = {"version": "4", "status": "firing", "receiver": "portal", "truncatedAlerts": 0}
    labels = {"groupLabels": {"cluster": group}, "commonLabels": {}, "commonAnnotations": {}}
    more = {"externalURL": "http://alertmanager:9093", "groupKey": f'{{}}:{{cluster="{group}"}}'}
    return json.dumps(about | labels | more | {"alerts": alerts})


def _alert(group: str, number: int) -> dict:
    return {
        "status": "firing",
        "labels": {
            "alertname": f"Alert{number + 1}",
            "cluster": group,
            "instance": f"host-{number}:9100",
            "job": "node",
            "service": f"s{number}",
            "severity": "warning",
        },
        "annotations": {
            "summary": f"Host {number} of {group} runs out of room",
            "description": "Less than 10 % of the disk is free, for more than ten minutes.",
        },
        "startsAt": "2026-11-23T08:00:00.123Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus:9090/graph?g0.expr=disk",
        "fingerprint": f"{group}-{number}",
    }
