"""The packages' own origin: only packages, by an address that runs out, without cookies, framed by us alone."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as live
from django.test import Client
from django.utils import timezone

from courses.checks import packages_origin
from courses.packages.addresses import PERIOD, BadAddressError, play_address, read, token
from courses.packages.unpacking import unpack
from tests.courses.package_kit import HOSTILE_SVG, scorm, zipped

HOME = "http://testserver"
HOST = "packages.example"


@pytest.fixture(autouse=True)
def elsewhere(settings: Any) -> None:
    settings.PACKAGES_ORIGIN = f"https://{HOST}"
    settings.ALLOWED_HOSTS = ["testserver", HOST]


@pytest.fixture
def key() -> str:
    """A package with all sorts of files."""
    files = {
        "evil.svg": HOSTILE_SVG,
        "a.exe": "MZ",
        "图/视频.mp4": "0123456789",
        "page.HTM": "x",
        "noending": "x",
        "a b%.js": "1",
    }
    return unpack(zipped(scorm(more=files)), ["scorm12"]).key


def said(key: str, parent: str = HOME) -> str:
    return token(key, person=7, parent=parent, now=timezone.now())


def get(path: str, **headers: str) -> Any:
    """An answer of the packages' origin, read to its end."""
    answer = Client().get(path, headers={"host": HOST, **headers})
    answer.whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("index.html", "text/html"),
        ("page.HTM", "text/html"),
        ("evil.svg", "image/svg+xml"),
        ("图/视频.mp4", "video/mp4"),
        ("a.exe", "application/octet-stream"),
        ("noending", "application/octet-stream"),
        ("a%20b%25.js", "text/javascript"),
    ],
)
def test_files_with_their_types_and_manners(key: str, path: str, content_type: str) -> None:
    answer = get(f"/p/{said(key)}/f/{path}")
    assert answer.status_code == 200
    headers = answer.headers
    assert headers["Content-Type"] == content_type
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert ("attachment" in headers.get("Content-Disposition", "")) is ("octet" in content_type)
    policy = headers["Content-Security-Policy"]
    assert policy.startswith(
        "sandbox allow-scripts allow-same-origin allow-forms; default-src 'none'"
    )
    assert policy.endswith(f"frame-ancestors 'self' {HOME}")
    assert "connect-src 'self'" in policy
    assert not answer.cookies
    assert "Vary" not in headers
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_player_is_framed_by_the_page_that_asked_alone(key: str) -> None:
    answer = get(f"/p/{said(key)}/play?item=2")
    page = answer.content.decode()
    assert answer.headers["Content-Security-Policy"].endswith(f"frame-ancestors {HOME}")
    assert f'data-parent="{HOME}"' in page
    assert 'data-item="2"' in page
    assert 'data-item="0"' in get(f"/p/{said(key)}/play?item=%22x").content.decode()
    for name in ("player.js", "player.css", "scorm12.js", "scorm2004.js"):
        assert get(f"/player/{name}").status_code == 200
    for name in ("../settings.py", "", "anxin.css", "fonts/../../anxin/anxin.css"):
        assert get(f"/player/{name}").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["../x", "..%2f..%2fsecret_key", "%2e%2e/x", "/etc/passwd", "%00", "", "gone.html", "图", "x" * 5000],
)  # fmt: skip
def test_nothing_beside_the_package(key: str, path: str) -> None:
    assert get(f"/p/{said(key)}/f/{path}").status_code == 404


def test_parts_of_a_film(key: str) -> None:
    answer = get(f"/p/{said(key)}/f/图/视频.mp4", range="bytes=2-4")
    assert answer.status_code == 206
    assert answer.whole == b"234"
    assert get(f"/p/{said(key)}/f/图/视频.mp4", range="bytes=99-").status_code == 416


def test_an_address_runs_out_and_is_signed(key: str) -> None:
    start = timezone.now()
    mine = said(key)
    assert get(f"/p/{mine}/f/index.html").status_code == 200
    with time_machine.travel(start + timedelta(seconds=2 * PERIOD), tick=False):
        answer = get(f"/p/{mine}/f/index.html")
    assert answer.status_code == 404
    assert "已经过期" in answer.content.decode()
    other = "0" * 32
    for forged in (
        mine.replace(key, other),
        mine[:-1] + ("A" if mine[-1] != "A" else "B"),
        "",
        "~",
        "a.b.c.d~x",
    ):
        with pytest.raises(BadAddressError):
            read(forged, now=start)
        assert get(f"/p/{forged}/f/index.html").status_code == 404


def test_an_address_stays_the_same_for_a_while(key: str) -> None:
    with time_machine.travel("2026-11-25T00:00:10Z", tick=False):
        first = said(key)
    with time_machine.travel("2026-11-25T03:59:50Z", tick=False):
        assert said(key) == first
        assert read(first, now=timezone.now()).key == key
    with time_machine.travel("2026-11-25T04:00:10Z", tick=False):
        assert said(key) != first
    assert play_address(key, person=7, parent=HOME, now=timezone.now()).startswith(
        f"https://{HOST}/p/{key}."
    )


def test_not_opened_by_itself_and_nothing_stays_behind(key: str) -> None:
    where = f"/p/{said(key)}/"
    assert get(where + "f/evil.svg", **{"sec-fetch-dest": "document"}).status_code == 404
    assert get(where + "play", **{"sec-fetch-dest": "document"}).status_code == 404
    assert get(where + "f/a b%25.js", **{"service-worker": "script"}).status_code == 404
    assert get(where + "f/index.html", **{"sec-fetch-dest": "iframe"}).status_code == 200


@pytest.mark.django_db
def test_each_origin_answers_404_for_the_others_addresses(key: str, client: Client) -> None:
    for path in (
        "/",
        "/learn/",
        "/admin/",
        "/accounts/login/",
        "/healthz",
        "/static/anxin/anxin.css",
        "/media/x",
    ):
        answer = get(path)
        assert answer.status_code == 404
        assert not answer.cookies
        assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert client.get(f"/p/{said(key)}/f/index.html").status_code == 404
    assert client.get(f"/p/{said(key)}/play").status_code == 404
    assert client.get("/player/player.js").status_code == 404


def test_only_reading(key: str) -> None:
    for method in ("post", "put", "delete", "options"):
        answer = getattr(Client(), method)(f"/p/{said(key)}/f/index.html", headers={"host": HOST})
        assert answer.status_code == 405


def test_no_origin_no_packages(settings: Any, key: str) -> None:
    settings.PACKAGES_ORIGIN = ""
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        get(f"/p/{said(key)}/f/index.html")  # it is a page of ours like any other


def test_packages_lie_under_no_public_folder(key: str) -> None:
    from courses.packages.unpacking import folder_of

    assert not folder_of(key).is_relative_to(live.MEDIA_ROOT)
    assert not folder_of(key).is_relative_to(live.STATIC_ROOT)


@pytest.mark.parametrize(
    ("told", "base", "cookies", "fault"),
    [
        ("", "https://a.cn", None, []),
        ("https://p.cn", "https://a.cn", None, []),
        ("https://a.cn:8443", "https://a.cn", None, ["courses.E002"]),
        ("https://p.a.cn", "https://a.cn", ".a.cn", ["courses.E002"]),
        ("http://p.cn", "https://a.cn", None, ["courses.E003"]),
        ("p.cn", "https://a.cn", None, ["courses.E001"]),
        ("https://p.cn/x", "https://a.cn", None, ["courses.E001"]),
    ],
)
def test_the_origin_is_checked_at_the_start(
    settings: Any, told: str, base: str, cookies: str | None, fault: list[str]
) -> None:
    settings.PACKAGES_ORIGIN, settings.BASE_URL = told, base
    settings.SESSION_COOKIE_DOMAIN = cookies
    assert [one.id for one in packages_origin()] == fault
