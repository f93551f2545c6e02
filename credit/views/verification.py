"""Anybody verifies a paper by its code: kind, number, date, authority, and whether a file is the very one.

Nothing of the case is shown, and nothing that is uploaded is kept.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from credit.acts import documents as acts

LONGEST_INPUT = 80


@require_safe
@never_cache
def documents(request: HttpRequest) -> HttpResponse:
    """Type the number and the code that stand on the paper."""
    code = request.GET.get("code", "").strip()[:LONGEST_INPUT]
    typed = request.GET.get("number", "").strip()[:LONGEST_INPUT]
    context = {"code": code, "number": typed}
    if code or typed:
        found = acts.find(code)
        if found is not None and acts.same_number(found, typed):
            return redirect("credit:document", found.code)
        context["fault"] = "没有文号和核验码都相符的文书。请对照文书页脚，逐字核对。"
    return render(request, "credit/verify.html", context, status=422 if "fault" in context else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def document(request: HttpRequest, code: str) -> HttpResponse:
    """What a verifier needs of one paper; a file that is sent is compared and forgotten."""
    found = acts.find(code)
    if found is None:
        unknown = {"code": code, "fault": "没有这份文书。核验码可能抄错了，也可能是伪造的文书。"}
        return render(request, "credit/verify.html", unknown, status=404)
    context: dict[str, Any] = {"document": found, "replaced": hasattr(found, "replaced_by")}
    file = request.FILES.get("file")
    if request.method == "POST" and file is None:
        context["fault"] = "请选择要核对的 PDF 文件。"
    elif file is not None and (file.size or 0) > settings.SCAN_MAX_BYTES:
        context["fault"] = "文件太大，不是本机关制作的文书。"
    elif file is not None:
        context["checked"] = True
        context["same"] = acts.matches(found, file.chunks())
    return render(
        request, "credit/verify_document.html", context, status=422 if "fault" in context else 200
    )
