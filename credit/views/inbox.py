"""The message centre: what a person was told, and the receipt that it was read."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from credit.models import Message

PAGE_SIZE = 20


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """One's own messages, newest first."""
    mine = Message.objects.filter(to=request.user.pk).select_related("enterprise")
    page = Paginator(mine, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "unread": mine.filter(read_at=None).count()}
    return render(request, "credit/messages.html", context)


@login_required
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One message; opening it for the first time is the receipt."""
    found = get_object_or_404(
        Message.objects.select_related("enterprise"), to=request.user.pk, pk=pk
    )
    if found.read_at is None:
        found.read_at = timezone.now()
        Message.objects.filter(pk=pk, read_at=None).update(read_at=found.read_at)
    return render(request, "credit/message.html", {"letter": found})


@login_required
@require_POST
def all_read(request: HttpRequest) -> HttpResponse:
    """Mark those as read that nothing legal hangs on: notices in a case are opened one by one."""
    mine = Message.objects.filter(to=request.user.pk, read_at=None).exclude(kind__startswith="case")
    mine.update(read_at=timezone.now())
    return redirect("credit:messages")
