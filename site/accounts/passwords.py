"""What a password must be, said in words that tell what to do. Django's rules, our sentences."""

from django.contrib.auth import password_validation as django


class LongEnough(django.MinimumLengthValidator):
    """Eight characters."""

    def get_error_message(self) -> str:
        """What to do."""
        return f"密码太短。请加长到至少{self.min_length}个字符，例如两个词加一个数字。"


class NotCommon(django.CommonPasswordValidator):
    """None of the twenty thousand that everybody tries first."""

    def get_error_message(self) -> str:
        """What to do."""
        return "这个密码太多人用，别人容易猜到。请换一个，例如在后面加上只有您知道的字。"


class NotOnlyDigits(django.NumericPasswordValidator):
    """Birthdays and phone numbers are guessed."""

    def get_error_message(self) -> str:
        """What to do."""
        return "密码不能全是数字。请加上字母或汉字。"
