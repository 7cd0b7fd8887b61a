"""What the portal sent to whom: to read, to send again, and not to send any more."""

from django.contrib import admin, messages

from portal.core.data import clock
from portal.core.problems import DomainError
from portal.core.web.narrow import Narrow

from .models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(Narrow, admin.ModelAdmin):
    list_display = ("subject", "to", "state", "attempts", "due_at", "sent_at", "last_error")
    list_filter = ("state",)
    list_per_page = 50
    search_fields = ("subject", "to", "key")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fields = (
        *("subject", "to", "recipient", "state", "text", "key", "message_id"),
        *("created_at", "due_at", "sent_at", "attempts", "last_error"),
    )
    readonly_fields = fields
    actions = ("send_again", "expire")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_send_permission(self, request):
        return request.user.has_perm("notifications.send_delivery")

    @admin.action(description="Send the chosen deliveries again", permissions=["send"])
    def send_again(self, request, deliveries):
        sent = 0
        for delivery in deliveries.select_related("recipient"):
            try:
                delivery.send_again(by=request.user)
            except DomainError as refusal:
                messages.warning(request, f"{delivery}: {refusal.detail}")
            else:
                sent += 1
        messages.success(request, f"Queued: {sent}. The engine sends them.")

    @admin.action(description="Do not send the chosen deliveries any more", permissions=["send"])
    def expire(self, request, deliveries):
        now = clock.now()
        expired = sum(delivery.expire(by=request.user, at=now) for delivery in deliveries)
        messages.success(request, f"Expired: {expired}. What has ended or is being sent stays.")
