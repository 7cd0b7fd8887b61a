from onboarding.models import Guide, GuideVersion
from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView


class OnboardingView(Idempotent, AnsweringView):
    """A view of the area `onboarding`."""

    area = "onboarding"

    def guide(self, slug: str) -> Guide:
        rows = Guide.objects.visible(self.request.user).select_related("owner", "published")
        return self.found(rows, slug=slug)

    def locked(self, slug: str) -> Guide:
        """The same, as it stays until the transaction ends: If-Match holds while it is changed."""
        rows = Guide.objects.select_for_update(of=("self",)).select_related("owner", "published")
        return rows.get(pk=self.guide(slug).pk)

    def version(self, guide: Guide, number: int) -> GuideVersion:
        return self.found(guide.versions.select_related("by"), number=number)
