"""The public's pages in Wagtail."""

from culture.models.articles import CasePage, ColumnPage, LawPage, NewsPage
from culture.models.home import HomePage
from culture.models.owner import SiteOwner
from culture.models.workflow import SecondPersonTask

__all__ = [
    "CasePage",
    "ColumnPage",
    "HomePage",
    "LawPage",
    "NewsPage",
    "SecondPersonTask",
    "SiteOwner",
]
