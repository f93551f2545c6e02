"""A person is known by a mainland mobile number; failed tries are counted per account."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone

from accounts.phones import parse_phone


class UserManager(BaseUserManager["User"]):
    """Makes people."""

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


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The phone is E.164; names are full inside and masked on public pages."""

    phone = models.CharField("手机号", max_length=16, unique=True)
    phone_verified = models.BooleanField("手机号已验证", default=False)
    real_name = models.CharField("姓名", max_length=60, blank=True)
    email = models.EmailField("邮箱", blank=True)
    is_staff = models.BooleanField("工作人员", default=False)
    is_active = models.BooleanField("可登录", default=True)
    date_joined = models.DateTimeField("注册时间", default=timezone.now)

    USERNAME_FIELD = "phone"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """The real name, or the masked phone of one who has not given it."""
        return self.real_name or f"{self.phone[3:6]}****{self.phone[-4:]}"

    def get_short_name(self) -> str:
        """As the full name: Chinese names are not shortened."""
        return self.get_full_name()


class FailedTry(models.Model):
    """A wrong password or code. The account is kept as a keyed digest, never as a number."""

    account = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["account", "at"], name="failed_try_by_account")]

    def __str__(self) -> str:
        return f"{self.account[:8]} {self.at:%F %T}"
