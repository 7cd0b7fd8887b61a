"""The deployment log of the demo."""

from datetime import datetime, timedelta

from runbooks.models import Run, Runbook, RunState

ENVIRONMENTS = ("staging", "production")


def make_deployments(people, services, *, now: datetime) -> None:
    """Six weeks of deployments: one failed and was rolled back, one goes on now."""
    deploy = Runbook.objects.get(slug="deploy-checkout")
    for week in range(6, 0, -1):
        for place, environment in enumerate(ENVIRONMENTS):
            at = now - timedelta(days=7 * week - place, hours=3)
            about = {"environment": environment, "service": services["checkout"]}
            run = _deploy(deploy, people["rita"], f"v2.{7 - week}.0", at, **about)
            if week == 2 and environment == "production":
                _fail(run, people, at)
            else:
                _succeed(run, people, at, minutes=18 + week + place)
    at = now - timedelta(minutes=14)
    about = {"environment": "production", "service": services["checkout"]}
    run = _deploy(deploy, people["rita"], "v2.7.0", at, **about)
    for number, note in ((1, "Passed at noon."), (2, "")):
        run.complete_step(number, by=people["rita"], note=note, at=at + timedelta(minutes=number))


def _deploy(runbook: Runbook, by, release: str, at: datetime, **about) -> Run:
    about = {"parameters": {"release": release}, "release": release, **about}
    return Run.objects.start(runbook, by=by, at=at, **about)


def _succeed(run: Run, people, at: datetime, *, minutes: int) -> None:
    """Every step, the fifth confirmed by somebody else."""
    for number in range(1, 7):
        at += timedelta(minutes=12 if number == 4 else minutes / 6)
        run.complete_step(number, by=people["rita"], checked=True, at=at)
        if number == 5:
            run.confirm_step(number, by=people["amara"], at=at)
    run.finish(by=people["rita"], at=at)


def _fail(run: Run, people, at: datetime) -> None:
    """The error rate rose: failed at the check, rolled back."""
    for number in (1, 2, 3):
        run.complete_step(number, by=people["rita"], at=at + timedelta(minutes=2 * number))
    at += timedelta(minutes=17)
    run.fail_step(4, by=people["rita"], reason="Errors rose from 0.1 % to 4 %.", at=at)
    back = _deploy(
        Runbook.objects.get(slug="roll-back-checkout"),
        people["rita"],
        run.release_before(),
        at + timedelta(minutes=1),
        parameters={"previous": run.release_before()},
        environment=run.environment,
        service=run.service,
        rollback_of=run,
    )
    back.complete_step(1, by=people["rita"], at=at + timedelta(minutes=2))
    back.complete_step(2, by=people["rita"], checked=True, at=at + timedelta(minutes=3))
    back.finish(by=people["rita"], outcome=RunState.SUCCEEDED, at=at + timedelta(minutes=4))
