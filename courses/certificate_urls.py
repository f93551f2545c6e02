"""Addresses under /certificates/: a stranger checks a certificate, its owner prints it."""

from django.urls import path

from courses.views import certificates

app_name = "certificates"
urlpatterns = [
    path("", certificates.search, name="search"),
    path("<str:number>/", certificates.verify, name="verify"),
    path("<str:number>/pdf", certificates.pdf, name="pdf"),
]
