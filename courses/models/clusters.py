"""modelcluster's two names with types: it ships none, and mypy may read them as Django's own."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import ForeignKey as ParentalKey
    from django.db.models import Model as ClusterableModel
else:
    from modelcluster.fields import ParentalKey
    from modelcluster.models import ClusterableModel

__all__ = ["ClusterableModel", "ParentalKey"]
