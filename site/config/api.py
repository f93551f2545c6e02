"""The one public API, OpenAPI at /api/v1/docs; each app brings its router."""

from ninja import NinjaAPI

from credit.api import router as credit_router

api = NinjaAPI(title="Anxin 安信", version="1", urls_namespace="api")
api.add_router("/credit", credit_router)
