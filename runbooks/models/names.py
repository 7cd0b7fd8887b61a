from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

# What stands after /runbooks/ and is no runbook (runbooks/urls.py).
RESERVED = frozenset(
    {
        *("new", "gaps", "preview", "autosave", "upload", "import", "draft-alert"),
        *("runs", "deployments"),
    }
)


class AlertName(models.Model):
    """An alert that a runbook answers; each alert leads to one runbook."""

    name = models.CharField(
        max_length=200,
        unique=True,
        validators=[RegexValidator(r"^[^\s/]+$", "An alert name has no spaces and no slashes.")],
    )
    runbook = models.ForeignKey("Runbook", on_delete=models.CASCADE, related_name="alerts")

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def taken(self) -> str:
        """Why no other runbook can answer it, and what to do."""
        if self.runbook.archived_at is None:
            return f"The alert {self} is answered by “{self.runbook}” already."
        return (
            f"The alert {self} belongs to “{self.runbook}”, which is archived. "
            "Unarchive it, or merge it into the runbook that is to answer."
        )

    @classmethod
    def allows(cls, name: str) -> bool:
        """Whether an alert can be called so."""
        try:
            cls._meta.get_field("name").run_validators(name)
        except ValidationError:
            return False
        return bool(name) and name == name.strip()


class Address(models.Model):
    """An address that a runbook once had; it redirects for ever."""

    slug = models.SlugField(max_length=120, unique=True)
    runbook = models.ForeignKey("Runbook", on_delete=models.CASCADE, related_name="addresses")

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = "addresses"

    def __str__(self):
        return self.slug


class Link(models.Model):
    """A link in the text that readers see, as written, and the runbook it leads to if any."""

    source = models.ForeignKey("Runbook", on_delete=models.CASCADE, related_name="links")
    target = models.ForeignKey(
        "Runbook", null=True, on_delete=models.SET_NULL, related_name="linked_from"
    )
    address = models.CharField(max_length=2000)
    anchor = models.CharField(max_length=500, blank=True)
    text = models.CharField(max_length=500, blank=True)
    line = models.PositiveIntegerField(default=0)
    broken = models.BooleanField(default=False)

    class Meta:
        ordering = ["source", "line"]

    def __str__(self):
        return self.address
