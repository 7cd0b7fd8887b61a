"""How a job calls its heartbeat: lines to copy, for the tools that teams have."""

from typing import NamedTuple


class Way(NamedTuple):
    """One way, with the text to copy."""

    name: str
    text: str


def ways(address: str, cron: str) -> list[Way]:
    times = cron or "0 3 * * *"
    call = "curl -fsS -m 10 --retry 5 -o /dev/null"
    whole = f"""\
RID=$(cat /proc/sys/kernel/random/uuid)
{call} "{address}/start?rid=$RID"
/usr/local/bin/job
{call} "{address}/$??rid=$RID\""""
    unit = f"""\
[Service]
ExecStartPre=-/usr/bin/{call} {address}/start
ExecStart=/usr/local/bin/job
ExecStopPost=-/usr/bin/{call} {address}/${{EXIT_STATUS}}"""
    return [
        Way("Shell", f"{call} {address}"),
        Way("crontab", f"{times} /usr/local/bin/job && {call} {address}"),
        Way("Shell, with duration and exit status", whole),
        Way("systemd unit", unit),
        Way("borgmatic", f"healthchecks:\n    ping_url: {address}"),
        Way("One host of many", f'{call} "{address}?instance=$(hostname)"'),
    ]
