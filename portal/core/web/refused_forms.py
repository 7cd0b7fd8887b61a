"""What a verb refuses is said on the form that asked, with all that was typed in it."""

from portal.core.problems import DomainError, Stale


class Refusing:
    """For classes of the admin whose form says its `refusal` when it is cleaned."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", "")
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        show = super().changeform_view
        try:
            return show(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            request.refusal = self.told(request, refusal)
            status = 409 if isinstance(refusal, Stale) else refusal.status
        response = show(request, object_id, form_url, extra_context)
        response.status_code = status
        return response

    def told(self, request, refusal: DomainError) -> str:
        """What the form says; of what was typed, this may say that it has now been seen."""
        return refusal.detail
