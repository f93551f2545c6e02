"""Which certificate is meant: the office finds it by number or name, in Wagtail's chooser."""

from typing import Any

from django import forms
from django.db.models import Q
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet

from courses.models import Certificate


class CertificateFilter(BaseFilterForm):  # type: ignore[misc]
    """A part of the number, in any usual writing, or of the name."""

    q = forms.CharField(
        label="查找",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "证书编号或姓名"}),
    )

    def filter(self, objects: Any) -> Any:
        """What was typed, in the number or the name."""
        typed = self.cleaned_data["q"].strip()
        if not typed:
            return objects
        self.is_searching, self.search_query = True, typed
        number = "".join(mark for mark in typed if mark.isalnum())
        found = Q(person_name__icontains=typed)
        return objects.filter(found | Q(number__icontains=number) if number else found)


class ChooseCertificate(ChooseView):  # type: ignore[misc]
    """The list with its search field."""

    filter_form_class = CertificateFilter


class ChooseCertificateResults(ChooseResultsView):  # type: ignore[misc]
    """The list anew while one types."""

    filter_form_class = CertificateFilter


class CertificateChooser(SnippetChooserViewSet):  # type: ignore[misc]
    """Certificates that can still be taken back."""

    choose_view_class = ChooseCertificate
    choose_results_view_class = ChooseCertificateResults

    def get_object_list(self) -> Any:
        """Without the revoked ones."""
        return Certificate.objects.filter(revocation=None)
