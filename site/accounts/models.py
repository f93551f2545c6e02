"""A person is known by a mainland mobile number; wrong tries are counted per account."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import sealing
from accounts.phones import parse_phone
from accounts.roles import LEARNER


class UserManager(BaseUserManager["User"]):
    """Makes and finds people."""

    def create_user(self, phone: str, password: str | None = None, **fields: Any) -> "User":
        """A person with ``phone`` in any usual writing; no password means none works."""
        user = self.model(phone=parse_phone(phone), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, phone: str, password: str | None = None, **fields: Any) -> "User":
        """One who may do everything that is not four-eyed."""
        return self.create_user(phone, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by phone, written in any usual way."""
        return self.get(phone=parse_phone(username or ""))

    def unfinished_signups(self) -> models.QuerySet["User"]:
        """Who chose a phone and never proved it. Whom the office entered has a name or more than that role."""
        return self.filter(
            phone_verified=False,
            last_login=None,
            real_name="",
            is_staff=False,
            is_superuser=False,
            groups__name=LEARNER,
        ).exclude(groups__in=Group.objects.exclude(name=LEARNER))

    def with_id_number(self, number: str) -> models.QuerySet["User"]:
        """Whose identity number it is, under any key in use."""
        return self.filter(id_number_fingerprint__in=sealing.fingerprints(number))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The phone is E.164; names are full inside and masked on public pages.

    The 居民身份证 number is kept sealed; ``fingerprint`` finds whose it is without opening any.
    """

    phone = models.CharField("手机号", max_length=16, unique=True)
    phone_verified = models.BooleanField("手机号已验证", default=False)
    real_name = models.CharField("姓名", max_length=60, blank=True)
    id_number_sealed = models.TextField("身份证号（加密）", blank=True, editable=False)
    id_number_fingerprint = models.CharField(
        "身份证号指纹", max_length=64, blank=True, editable=False
    )
    email = models.EmailField("邮箱", blank=True)
    is_staff = models.BooleanField("工作人员", default=False)
    is_active = models.BooleanField("可登录", default=True)
    date_joined = models.DateTimeField("注册时间", default=timezone.now)
    set_up_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="等待确认，最后由谁设置",
    )  # see accounts.confirming

    USERNAME_FIELD = "phone"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    made_now = (
        False  # true in the request of the sign-up, so that a failed text message can undo it
    )

    objects = UserManager()

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_fingerprint"],
                condition=~models.Q(id_number_fingerprint=""),
                name="one_person_per_id_number",
            ),
            models.CheckConstraint(
                condition=models.Q(id_number_sealed="", id_number_fingerprint="")
                | ~models.Q(id_number_sealed="") & ~models.Q(id_number_fingerprint=""),
                name="id_number_sealed_and_findable",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """The real name, or the masked phone of one who has not given it."""
        return self.real_name or sealing.mask_phone(self.phone)

    def get_short_name(self) -> str:
        """As the full name: Chinese names are not shortened."""
        return self.get_full_name()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A session belongs to this password and this phone: when either changes, the others end.

        Django's two public methods ask this one, for the key in use and for older keys.
        """
        what = f"{self.password} {self.phone}"
        return salted_hmac("accounts.User", what, secret=secret, algorithm="sha256").hexdigest()

    @property
    def first_name(self) -> str:
        """What Wagtail's side bar asks for; without it, it would print the whole phone."""
        return self.get_full_name()

    @property
    def masked_phone(self) -> str:
        """For pages that others may see over one's shoulder."""
        return sealing.mask_phone(self.phone)

    @property
    def masked_name(self) -> str:
        """The first character and stars."""
        return sealing.mask_name(self.real_name)

    @property
    def id_number(self) -> str:
        """The number in full, or "": for certificates and files, never for a page."""
        return sealing.unseal(self.id_number_sealed) if self.id_number_sealed else ""

    @id_number.setter
    def id_number(self, number: str) -> None:
        self.id_number_sealed = sealing.seal(number) if number else ""
        self.id_number_fingerprint = sealing.fingerprint(number) if number else ""

    @property
    def masked_id_number(self) -> str:
        """Enough of the number to recognise one's own."""
        return sealing.mask_id(self.id_number)


class FailedTry(models.Model):
    """A try not known to be right (see accounts.limits). The account is a keyed digest, never a number."""

    account = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["account", "at"], name="failed_try_by_account")]

    def __str__(self) -> str:
        return f"{self.account[:8]} {self.at:%F %T}"
