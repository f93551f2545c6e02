"""allauth's settings, kept beside the code that they steer; config.settings takes them in."""

from environs import Env

_env = Env()

SMS_SENDER = _env.str("SMS_SENDER", "accounts.sms.ConsoleSender")
SMS_HTTP_URL = _env.str("SMS_HTTP_URL", "")
SMS_HTTP_TOKEN = _env.str("SMS_HTTP_TOKEN", "")

ACCOUNT_ADAPTER = "accounts.adapter.PhoneAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PHONE_VERIFICATION_ENABLED = True
ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
# Counted per phone and account (accounts.limits), not per address: a training hall has one.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "signup": None,
    "login_failed": None,
    "request_login_code": "3/m/key",
    "reset_password": "5/m/key",
    "reset_password_from_key": None,
    "verify_phone": "1/30s/key",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "安信 Anxin"
MFA_TOTP_TOLERANCE = 1  # one period either way: cheap phones run slow
