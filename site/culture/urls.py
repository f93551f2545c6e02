"""Addresses of the public that are no page: search/, feed/, sitemap.xml, robots.txt."""

from django.urls import path
from wagtail.contrib.sitemaps.views import sitemap

from culture import views, views_search

app_name = "culture"
urlpatterns = [
    path("search/", views_search.search, name="search"),
    path("feed/", views.LatestFeed(), name="feed"),
    path("sitemap.xml", sitemap, {"sitemaps": views.SITEMAPS}, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.icon, {"name": "favicon.ico"}),
    path("apple-touch-icon.png", views.icon, {"name": "touch-icon.png"}),
    path("text-size/", views.text_size, name="text_size"),
]
