from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.accounts.models import Token

from .forms import ProfileForm, TokenForm


def changes_address(request) -> bool:
    """Whether another e-mail address is sent: what the portal writes would go there."""
    return request.method == "POST" and request.POST.get("email", "") != request.user.email


@reauthentication_required(enabled=changes_address)
def profile(request):
    """One's own account: name, time zone, second factor, tokens."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your profile is saved.")
        return redirect("profile")
    tokens = request.user.tokens.all()
    return render(
        request, "accounts/profile.html", {"form": form, "tokens": tokens, "now": timezone.now()}
    )


@reauthentication_required
def new_token(request):
    """Make a token; its plain text is on this one page and nowhere else."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        token, plain = Token.objects.issue(
            request.user, given["name"], given["scopes"], days=given["days"]
        )
        return render(request, "accounts/token_made.html", {"token": token, "plain": plain})
    return render(request, "accounts/token_new.html", {"form": form})


@require_POST
def revoke_token(request, pk):
    token = get_object_or_404(request.user.tokens, pk=pk)
    token.revoke(at=timezone.now())
    messages.success(
        request, f"“{token.name}” is revoked: whatever uses it is refused from now on."
    )
    return redirect("profile")


def closed(request):
    """Pages of the sign-in library that this portal does not offer."""
    return redirect("account_login")
