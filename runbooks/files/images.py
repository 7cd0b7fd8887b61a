"""Images of a tree: stored under names of ours, known by their paths."""

import re
from dataclasses import replace
from hashlib import sha256
from io import BytesIO

from django.conf import settings
from PIL import Image as Picture

from portal.core.media import png
from portal.core.media.untouched import is_clean
from portal.core.media.uploads import MAX_BYTES, StoredImage, store_image
from portal.core.web.outcomes import CREATED, REFUSED, UNCHANGED, UPDATED, Outcome
from runbooks.documents.render import derive_again
from runbooks.documents.resolver import Resolver
from runbooks.models import Image, Runbook, State, Version
from runbooks.models.choices import OPEN

OURS = re.compile(r"[a-z-]+/images/(?P<name>[0-9a-f]{32}\.(?:png|jpg|webp))")


def read_image(
    tree, path: str, place: str, *, by, keep: bool, replaces_shown: bool = True
) -> Outcome:
    """Store one image; `keep` is false for a dry run. Raises UploadRefused and Unreadable.

    Unless it `replaces_shown`, no published text shows another picture afterwards.
    """
    content = tree.content(path, at_most=MAX_BYTES)
    name = _name_of_ours(place)
    known = Image.objects.filter(source_path=place).first()
    known = known or Image.objects.filter(name=name, source_path="").first()
    if known and known.sha256 == sha256(content).hexdigest():
        return Outcome(path, UNCHANGED)
    stored = _stored(content, path)
    if known and known.sha256 == stored.sha256:
        return Outcome(path, UNCHANGED)
    if known and not replaces_shown and _is_used(known, by):
        return Outcome(path, REFUSED, "a text shows another picture of this name: rename it")
    if name and Image.objects.filter(name=name).exists():
        return Outcome(path, REFUSED, "the portal has another image of this name")
    _keep(replace(stored, name=name or stored.name), place, by=by, keep=keep)
    if known:
        _retire(known)
    return Outcome(path, UPDATED if known else CREATED)


def claim_pictures(runbook: Runbook, pictures: dict[str, str]) -> None:
    """Give a runbook the images in its text, {target: description}, that belong to none yet."""
    resolver = Resolver(runbook)
    for target, alt in pictures.items():
        image = resolver.image(target) or _at_address(target)
        if image and image.runbook_id is None:
            Image.objects.filter(pk=image.pk).update(runbook=runbook, alt=alt[:300])


def _at_address(target: str) -> Image | None:
    """The image that was uploaded in a portal and is shown by its address there."""
    folder, _, name = target.rpartition("/")
    if f"{folder}/" != settings.MEDIA_URL:
        return None
    return Image.objects.filter(name=name).first()


def _name_of_ours(place: str) -> str:
    """The name that the portal gave to an image which was uploaded there."""
    ours = OURS.fullmatch(place)
    return ours["name"] if ours else ""


def _stored(content: bytes, path: str) -> StoredImage:
    stored = store_image(BytesIO(content), name=path)
    with Picture.open(BytesIO(png.without_notes(content))) as picture:
        is_same = picture.size == (stored.width, stored.height)
    if is_same and is_clean(content):
        return replace(stored, content=content, sha256=sha256(content).hexdigest())
    return stored


def _keep(stored: StoredImage, place: str, *, by, keep: bool) -> None:
    """Keep the image, or in a dry run only the row that links are resolved with."""
    if keep:
        Image.objects.keep(stored, alt="", by=by, source_path=place)
    else:
        Image.objects.create(name=stored.name, source_path=place, width=0, height=0)


def _retire(image: Image) -> None:
    """Let the path lead to the newer one; old versions still show this one."""
    Image.objects.filter(pk=image.pk).update(source_path="")
    for runbook in _showing(image).select_related("published"):
        derive_again(runbook)


def _is_used(image: Image, by) -> bool:
    """Whether readers see it, a reviewer judges it, or somebody else writes with it."""
    shown = Version.objects.filter(state__in=(State.PUBLISHED, *OPEN))
    others = shown.exclude(state=State.DRAFT, author=by)
    return others.filter(html__contains=image.name).exists()


def _showing(image: Image):
    return Runbook.objects.filter(published__html__contains=image.name)
