import hashlib
import hmac
import re
import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.data.audit import record
from portal.core.data.queries import Prepared, PreparedUpdate, columns_of, row_of
from portal.core.data.signs import refuse_signs
from portal.core.data.versioned import Versioned
from portal.core.problems import Conflict
from portal.core.web.address import absolute
from portal.notifications.problems import NotSigned
from portal.search import index

from . import mappings
from .choices import IntakeKind

SALT = "portal.monitoring.intake"
KEY = re.compile(r"[0-9a-f]{32}")  # PagerDuty's clients take 32 characters and nothing else
SERVICE_LABELS = ("service", "app", "job")
LABELS_OF: dict[str, tuple[str, ...]] = {
    IntakeKind.PAGERDUTY: ("service", "component", "source", "group")
}
MOST_LABELS = 10
HINT = 6  # letters, by which people tell keys apart
HIDDEN = ("hidden", "hidden")  # what the trail says of a key or a secret
LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_.:/-]{0,99}")


def default_labels() -> list[str]:
    return list(SERVICE_LABELS)


def usual_labels(kind: str) -> list[str]:
    """Those that name the service in what this tool sends."""
    return list(LABELS_OF.get(kind, SERVICE_LABELS))


def validate_labels(labels: Any) -> None:
    is_list = isinstance(labels, list) and len(labels) <= MOST_LABELS
    if not is_list or not all(isinstance(one, str) and LABEL.fullmatch(one) for one in labels):
        raise ValidationError(f"At most {MOST_LABELS} names of labels, such as service or job.")


def digest_of(key: str) -> str:
    """SHA-256 is enough: the key has 128 random bits, so there is nothing to guess."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


class AlreadyRevoked(Conflict):
    """Nothing is revoked twice."""

    code, title = "revoked", "Revoked already"


class IntakeQuerySet(models.QuerySet):
    def visible(self, user):
        return self if user.has_perm("monitoring.view_intake") else self.none()

    def usable(self):
        """Those whose key still opens them."""
        return self.filter(revoked_at=None)

    def with_newest_error(self):
        """Each with `newest_error`: why what came last was refused; empty if it was taken."""
        newest = self.model._meta.get_field("received").related_model.objects
        rows = newest.filter(intake=models.OuterRef("pk")).order_by("-at", "-pk")
        error = models.Case(
            models.When(answer__gte=400, then=models.F("error")), default=models.Value("")
        )
        return self.annotate(newest_error=Coalesce(rows.values(said=error)[:1], models.Value("")))

    def opened_by(self, key: str, kind: str):
        """The intake of this kind that the key opens, or None.

        It is found by the hash of the key, so the time it takes says nothing about a key.
        """
        if not KEY.fullmatch(key):
            return None
        found = _opened(digest=digest_of(key), kind=str(kind))
        return row_of(self.model, found[0]) if found else None

    def note(self, *, pk: int, at, lives: bool = False) -> None:
        """Something came; `lives`: its watchdog was in it."""
        _seen(lives, pk=pk, at=at)

    @transaction.atomic
    def make(self, name: str, kind: str, *, by=None, at=None, **fields: Any):
        """Make an intake; returns it and its key, which is stored nowhere.

        Raises ValidationError for a name, kind, label names or mapping that it may not have.
        """
        key = secrets.token_hex(16)
        fields.setdefault("service_labels", usual_labels(kind))
        intake = self.model(
            name=name.strip(),
            kind=kind,
            digest=digest_of(key),
            hint=key[:HINT],
            created_at=at or timezone.now(),
            created_by=by,
            **fields,
        )
        intake.full_clean()
        intake.save()
        record(intake, "start", by=by)
        index.put(intake)
        return intake, key


class Intake(Versioned):
    """Where one tool sends its alerts: an address with a key that opens nothing else."""

    name = models.CharField(max_length=80, unique=True, help_text="For example “Prometheus eu1”.")
    kind = models.CharField(max_length=20, choices=IntakeKind)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=8, editable=False, help_text="How the key begins.")
    is_signed = models.BooleanField(
        default=False, help_text="Grafana only: refuse what is not signed with the secret."
    )
    service_labels = models.JSONField(
        default=default_labels,
        blank=True,
        validators=[validate_labels],
        help_text="Labels that name the service, in the order in which they are tried.",
    )
    watchdog = models.CharField(
        max_length=200,
        blank=True,
        default="Watchdog",
        help_text="The name of the alert that always fires; it is taken as a sign of life.",
    )
    mapping = models.JSONField(
        default=dict, blank=True, help_text="Generic only: where each member of an alert stands."
    )
    default_service = models.ForeignKey(
        Service,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The service of an alert whose labels name none.",
    )
    default_team = models.ForeignKey(
        Team,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who is told of an alert without a service.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    received_at = models.DateTimeField(null=True, editable=False)
    watchdog_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    secret_number = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    revision = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    newest_error: str  # of those that were read `with_newest_error`

    objects = IntakeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        default_permissions = ("add", "change", "view")  # revoked, never deleted
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=IntakeKind.values), name="intake_known_kind"
            )
        ]

    def __str__(self):
        return self.name

    def unique_error_message(self, model_class, unique_check):
        if unique_check == ("name",):
            return ValidationError("An intake with this name exists already.", code="unique")
        return super().unique_error_message(model_class, unique_check)

    def get_absolute_url(self):
        return reverse("monitoring:intake", args=[self.pk])

    @property
    def source(self) -> str:
        """What its alerts say of where they come from: fingerprints are one tool's own."""
        return f"intake-{self.pk}"

    @property
    def etag(self) -> str:
        return tag_of(self.pk, self.revision)

    @property
    def secret(self) -> str:
        """What Grafana signs with: made of the portal's own key, so that it is stored nowhere."""
        made_of = f"{self.digest}/{self.secret_number}" if self.secret_number else self.digest
        return salted_hmac(SALT, made_of, algorithm="sha256").hexdigest()

    def is_signature(self, signature: str, content: bytes) -> bool:
        made = hmac.new(self.secret.encode(), content, hashlib.sha256).hexdigest()
        return hmac.compare_digest(made.encode(), signature.encode("utf-8", "replace"))

    def address(self, key: str) -> str:
        """Where the tool sends to; PagerDuty's has one for all, and the key in the body."""
        if self.kind == IntakeKind.PAGERDUTY:
            return absolute(reverse("intake-pagerduty"))
        return absolute(reverse(f"intake-{self.kind}", args=[key]))

    def clean(self):
        refuse_signs(self)
        if self.mapping and self.kind != IntakeKind.GENERIC:
            raise ValidationError({"mapping": "Only generic intakes have a mapping."})
        try:
            mappings.validate(self.mapping)
        except ValidationError as error:
            raise ValidationError({"mapping": error.messages}) from error
        if self.is_signed and self.kind != IntakeKind.GRAFANA:
            raise ValidationError({"is_signed": "Only Grafana signs what it sends."})

    # Verbs

    @transaction.atomic
    def change(self, *, by, based_on: int | None = None, **changes: Any) -> None:
        """Change what is given; its key and its alerts stay.

        Raises Stale if somebody changed it since revision `based_on`, and ValidationError.
        """
        if self.stands(changes, based_on=based_on):
            return
        before = {name: str(getattr(self, name)) for name in changes}
        for name, value in changes.items():
            setattr(self, name, value.strip() if name == "name" else value)
        self.full_clean()
        self.claim(based_on, **{name: getattr(self, name) for name in changes})
        after = {name: (before[name], str(getattr(self, name))) for name in changes}
        record(self, "change", by=by, **after)
        index.put(self)

    @transaction.atomic
    def renew_key(self, *, by) -> str:
        """A new key, which is returned and stored nowhere; the old one opens nothing from now on.

        The secret that signs changes with it. Raises AlreadyRevoked.
        """
        key = secrets.token_hex(16)
        self._replace(digest=digest_of(key), hint=key[:HINT])
        record(self, "renew_key", by=by, key=HIDDEN)
        return key

    @transaction.atomic
    def renew_secret(self, *, by) -> str:
        """A new secret to sign with, which is returned; the old one is refused from now on.

        Raises AlreadyRevoked, and NotSigned.
        """
        if not self.is_signed:
            raise NotSigned("It takes what is not signed: it has no secret.")
        self._replace(secret_number=models.F("secret_number") + 1)
        record(self, "renew_secret", by=by, secret=HIDDEN)
        return self.secret

    def _replace(self, **changes: Any) -> None:
        self.claim(None, **changes)
        self.refresh_from_db()
        if self.revoked_at:
            raise AlreadyRevoked(f"The key of {self} is revoked: create a new intake.")

    @transaction.atomic
    def revoke(self, *, by=None, at=None) -> None:
        """Refuse its key from now on; what came stays. Raises AlreadyRevoked."""
        at = at or timezone.now()
        if (
            not Intake.objects.usable()
            .filter(pk=self.pk)
            .update(revoked_at=at, revision=models.F("revision") + 1)
        ):
            raise AlreadyRevoked(f"The key of {self} is revoked already.")
        self.refresh_from_db(fields=["revoked_at", "revision"])
        record(self, "revoke", by=by, state=("usable", "revoked"))
        index.put(self)


def tag_of(pk: int, revision: int) -> str:
    return f'"i{pk}-{revision}"'


def _opened_by(*, digest: str, kind: str):
    rows = Intake.objects.usable().filter(digest=digest, kind=kind).order_by()
    return rows.values_list(*columns_of(Intake))


def _seen_at(lives: bool, *, pk: int, at):
    seen = {"received_at": at} | ({"watchdog_at": at} if lives else {})
    return Intake.objects.filter(pk=pk), seen


# Every delivery asks these.
_opened, _seen = Prepared(_opened_by), PreparedUpdate(_seen_at)
