import hashlib
import json

from django.conf import settings
from django.db import models
from django.db.models.functions import Cast


def tag_of(number: int, hashed: str) -> str:
    return f'"v{number}-{hashed[:8]}"'


def hash_of(content: dict) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


class GuideVersionQuerySet(models.QuerySet):
    def with_words(self, words):
        """Those in whose content these stand as JSON writes them; for a subquery, too."""
        return self.annotate(as_text=Cast("content", models.TextField())).filter(
            as_text__contains=words
        )

    def freeze(self, guide, content: dict, *, by, note: str, at):
        """The next version of a guide; its lock is held. Numbers have no gaps."""
        return self.create(
            guide=guide,
            number=guide.head + 1,
            revision=guide.revision,
            content=content,
            hash=hash_of(content),
            by=by,
            by_name=by.display_name if by else "",
            note=note,
            published_at=at,
        )


class GuideVersion(models.Model):
    """A guide as it was published: its words, steps, pictures and callouts never change."""

    guide = models.ForeignKey("Guide", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()  # of the guide, the last with these words
    content = models.JSONField()  # see onboarding.freezing
    hash = models.CharField(max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150, blank=True)
    note = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField()

    objects = GuideVersionQuerySet.as_manager()

    class Meta:
        ordering = ["guide", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["guide", "number"], name="guide_version_once"),
        ]

    def __str__(self):
        return f"{self.content.get('title', self.guide_id)} v{self.number}"

    @property
    def etag(self) -> str:
        return tag_of(self.number, self.hash)

    @property
    def steps(self) -> list[dict]:
        """The frozen steps: key, number, title, html, control, result, shot, video, minutes."""
        return self.content["steps"]

    def rebuild(self, content: dict) -> bool:
        """Keep what was rendered anew of the same words; whether that differs."""
        if content == self.content:
            return False
        self.content, self.hash = content, hash_of(content)
        self.save(update_fields=["content", "hash"])
        return True

    @property
    def keys(self) -> list[str]:
        return [step["key"] for step in self.steps]

    def step(self, key: str) -> dict | None:
        return next((step for step in self.steps if step["key"] == str(key)), None)
