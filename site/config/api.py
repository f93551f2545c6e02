"""The one public API, OpenAPI at /api/v1/docs; each app brings its router."""

from ninja import NinjaAPI

from credit.api import router as credit_router
from credit.api_records import router as records_router

api = NinjaAPI(title="Anxin 安信", version="1", urls_namespace="api")
api.add_router("/credit", credit_router)
api.add_router("/records", records_router)
