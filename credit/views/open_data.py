"""The open-data folder: its page in plain words, and its files with the caches' manners."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_safe

from credit.acts.open_data import names_gone
from credit.acts.open_folder import served
from credit.acts.signing import public_keys
from credit.models import OpenDay, OpenFile
from credit.opendata.papers import LICENCE

SHOWN = 31
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
PERSONAL_DELAY = (
    300  # seconds: a file from which somebody was deleted may linger in caches no longer
)

WAITING = "这个文件里有刚刚期满或移出的记录，正在删除，请过几分钟再下载。\n"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What there is, under which licence, and how to check it."""
    days = list(OpenDay.objects.all()[:SHOWN])
    newest = {file.path[11:]: file for file in OpenFile.objects.filter(day=days[0])} if days else {}
    lists = [
        (title, [newest.get(f"{colour}.{kind}") for kind in ("csv", "jsonl", "delta.jsonl")])
        for colour, title in (("black", "严重失信主体名单"), ("red", "守信激励名单"))
    ]
    context = {"days": days, "lists": lists, "licence": LICENCE, "keys": list(public_keys())}
    return render(request, "credit/open_data.html", context)


@require_safe
def file(request: HttpRequest, path: str) -> HttpResponse:
    """One file of the folder. A signed paper stays as it is; all else is asked for anew after minutes.

    A file that still has an entry which is no longer on the list waits for its deletion (应急管理部令第11号:
    with the end of the term the publication ends).
    """
    found = served(path) if "\x00" not in path else None
    if found is None:
        raise Http404
    if not found.stays and names_gone(found.content, timezone.localdate()):
        # From midnight, when a term ends, until the night's deletion nobody may have this row from us.
        later = HttpResponse(WAITING, status=503, content_type="text/plain; charset=utf-8")
        later["Retry-After"] = str(PERSONAL_DELAY)
        add_never_cache_headers(later)
        return later
    tag = quote_etag(found.sha256)
    unchanged = tag in parse_etags(request.headers.get("If-None-Match", ""))
    answer = HttpResponse(b"" if unchanged else found.content, status=304 if unchanged else 200)
    answer["Content-Type"] = TYPES.get(path.rpartition(".")[2], "application/json")
    answer["ETag"] = tag
    answer["X-Robots-Tag"] = "noindex"  # a search engine would keep what the law takes away
    if found.stays:
        patch_cache_control(answer, public=True, max_age=31_536_000, immutable=True)
    else:
        patch_cache_control(answer, public=True, max_age=PERSONAL_DELAY, must_revalidate=True)
    return answer
