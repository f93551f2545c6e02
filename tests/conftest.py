"""What every test may ask for: a small district with one enterprise."""

from pathlib import Path
from typing import Any

import pytest

from credit.models import Enterprise, Jurisdiction, Sector


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    """Static files need no collecting, passwords are cheap, uploads and caches are this test's."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"
    if "filebased" in settings.CACHES["default"]["BACKEND"]:
        files = {**settings.CACHES["default"], "LOCATION": str(tmp_path / "cache")}
        settings.CACHES = {"default": files}


@pytest.fixture
def district(db: None) -> Jurisdiction:
    """云溪区, fictional."""
    return Jurisdiction.objects.create(code="990001", name="云溪区", kind="district")


@pytest.fixture
def street(district: Jurisdiction) -> Jurisdiction:
    """A street of the district."""
    return Jurisdiction.objects.create(
        code="990001001", name="河滨街道", kind="street", parent=district
    )


@pytest.fixture
def sector(db: None) -> Sector:
    """危险化学品."""
    return Sector.objects.create(code="chemicals", name="危险化学品", high_risk=True)


@pytest.fixture
def enterprise(street: Jurisdiction, sector: Sector) -> Enterprise:
    """One enterprise with the worked code of GB 32100."""
    return Enterprise.objects.create(
        name="云溪长青化工有限公司（虚构）", uscc="91110000600037341L", place=street, sector=sector
    )
