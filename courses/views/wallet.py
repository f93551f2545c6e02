"""我的证件: the certificates on a page, in one file that opens without a network, as pictures; and the own picture."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.acts import photos
from courses.acts.certificates import LIMITS, card_png, print_many
from courses.acts.managing import RefusedError
from courses.acts.wallet import wallet_of
from courses.models import Certificate, HolderPhoto
from courses.rules.pictures import LARGEST
from courses.rules.portraits import data_address

MOST = 50  # certificates in one file


class PhotoForm(forms.Form):
    """One picture."""

    photo = forms.FileField(
        label="选一张证件照（JPG、PNG）",
        widget=forms.FileInput(
            {"class": "form-control", "accept": "image/jpeg,image/png,image/webp"}
        ),
    )

    def clean_photo(self) -> Any:
        """Not more than a picture can be."""
        file = self.cleaned_data["photo"]
        if file.size > LARGEST:
            raise forms.ValidationError(f"照片超过 {LARGEST // 1024 // 1024} MB，请压缩后再传")
        return file


def photo_address(person: Any) -> str:
    """The picture as an address that only this page holds; "" for none."""
    row = HolderPhoto.objects.filter(person=person.pk).first()
    return data_address(photos.bytes_of(row), "jpeg") if row else ""


@login_required
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What I hold, each with its code."""
    return render(request, "courses/wallet.html", _context(request))


def _context(request: HttpRequest, form: PhotoForm | None = None) -> dict[str, Any]:
    today = timezone.localdate()
    wallet = wallet_of(request.user, today=today)
    return {
        "wallet": wallet, "limits": LIMITS, "at": timezone.localtime(), "form": form or PhotoForm(),
        "photo": photo_address(request.user), "person": request.user,
    }  # fmt: skip


@login_required
@never_cache
@require_safe
def saved(request: HttpRequest, kind: str) -> HttpResponse:
    """The wallet as one file: a page with everything in it, or a PDF. Both open without a network."""
    context = _context(request)
    name = f"anxin-wallet-{timezone.localdate()}"
    if kind == "html":
        content: Any = render_to_string("courses/wallet_offline.html", context)
        return _file(content, "text/html; charset=utf-8", f"{name}.html")
    rows = [one.row for one in context["wallet"].held if one.state != "revoked"][:MOST]
    if kind != "pdf" or not rows:
        raise Http404
    return _file(print_many(rows, today=timezone.localdate()), "application/pdf", f"{name}.pdf")


@login_required
@never_cache
@require_safe
def card(request: HttpRequest, number: str) -> HttpResponse:
    """One certificate as a picture, for the phone's album."""
    rows = Certificate.objects.select_related("revocation")
    found = get_object_or_404(rows, number=number, enrolment__person=request.user.pk)
    answer = HttpResponse(card_png(found, today=timezone.localdate()), content_type="image/png")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.png"'
    return answer


@login_required
@require_POST
def keep_photo(request: HttpRequest) -> HttpResponse:
    """Upload the own picture."""
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            content = form.cleaned_data["photo"].read(LARGEST + 1)
            photos.keep(request.user, content, by=request.user, now=timezone.now())
            messages.success(request, "照片已保存，会印在您的证书上。不想要了可以随时删除。")
            return redirect("courses:wallet")
        except RefusedError as refusal:
            form.add_error("photo", refusal.ruling.reason)
    return render(request, "courses/wallet.html", _context(request, form), status=422)


@login_required
@require_POST
def delete_photo(request: HttpRequest) -> HttpResponse:
    """Delete the own picture, whoever uploaded it."""
    if photos.delete(request.user, by=request.user, now=timezone.now()):
        messages.success(request, "照片已删除。以前打印出来的证书不会变。")
    return redirect("courses:wallet")


def _file(content: Any, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
