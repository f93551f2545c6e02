"""The one public API, OpenAPI at /api/v1/docs; each app brings its router."""

from typing import Final

from ninja import NinjaAPI

from credit.api import router as credit_router
from credit.api_manners import Limit, with_manners
from credit.api_partners import router as acknowledgements_router
from credit.api_records import router as records_router

ABOUT: Final = """
**公开查询**不用密钥，按网络地址限制次数；**合作机构**用 `Authorization: Bearer 密钥`，次数更多。
超过次数回答 429，`Retry-After` 说几秒后再问。

地址里的 `v1` 是版本：v1 里只会增加新的项，不会改变、去掉已有的项；请忽略不认识的项。
要改变时另开 v2，两个版本至少并行 12 个月。

错误都是 JSON：`detail` 用中文说明；422 还有 `errors` 逐项说明。日期是北京时间。
"""

api = with_manners(
    NinjaAPI(
        title="Anxin 安信",
        version="1",
        description=ABOUT,
        urls_namespace="api",
        throttle=[Limit()],
    )
)
api.add_router("/credit", credit_router)
api.add_router("/records", records_router)
api.add_router("/acknowledgements", acknowledgements_router)
