"""Who runs the site: what the law and good manners ask of every foot of a page. Filled in by the administrator."""

from typing import Any, ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="home")
class SiteOwner(BaseSiteSetting):  # type: ignore[misc]
    """主办单位、联系方式和备案. An empty field is not shown."""

    organiser = models.CharField("主办单位", max_length=60, blank=True)
    address = models.CharField("地址", max_length=100, blank=True)
    contact = models.CharField(
        "联系方式", max_length=100, blank=True, help_text="例如：工作日 9:00—17:00，电话"
    )
    site_code = models.CharField(
        "网站标识码", max_length=30, blank=True, help_text="政府网站十位编码，没有就不填"
    )
    icp = models.CharField("ICP备案号", max_length=40, blank=True)
    police = models.CharField("公安备案号", max_length=60, blank=True)
    remark = models.CharField(
        "其他说明", max_length=200, blank=True, help_text="写在页面最下面的一句话"
    )

    panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [FieldPanel("organiser"), FieldPanel("address"), FieldPanel("contact")], heading="单位"
        ),
        MultiFieldPanel(
            [FieldPanel("site_code"), FieldPanel("icp"), FieldPanel("police")], heading="备案"
        ),
        FieldPanel("remark"),
    ]

    class Meta:
        verbose_name = "页脚信息"
        verbose_name_plural = "页脚信息"

    def shown(self) -> dict[str, str]:
        """The filled fields by name."""
        names = ("organiser", "address", "contact", "site_code", "icp", "police", "remark")
        return {name: value for name in names if (value := getattr(self, name))}
