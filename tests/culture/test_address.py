"""The default site stands where BASE_URL says; others keep their address."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Site

from culture import address
from tests.culture.kit import column, first_page, news


@pytest.mark.parametrize(
    ("base_url", "host", "port"),
    [
        ("https://anxin.example", "anxin.example", 443),
        ("http://anxin.example", "anxin.example", 80),
        ("http://localhost:8123", "localhost", 8123),
    ],
)
def test_the_default_site_follows_the_setting(
    db: None, settings: Any, base_url: str, host: str, port: int
):
    settings.BASE_URL, settings.HTTPS = base_url, base_url.startswith("https")
    Site.objects.create(hostname="street.example", root_page=first_page())
    address.on_migrate("default")
    found = Site.objects.order_by("pk").values_list("hostname", "port")
    assert list(found) == [(host, port), ("street.example", 80)]


def test_migrating_moves_the_site_and_its_sitemap(client: Client, db: None, settings: Any):
    news(column(first_page()))
    settings.BASE_URL, settings.HTTPS = "https://anxin.example", True
    call_command("migrate", verbosity=0)
    assert (
        "<loc>https://anxin.example/news/news-1/</loc>"
        in client.get("/sitemap.xml").content.decode()
    )
