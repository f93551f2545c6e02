"""allauth's settings, kept beside the code that they steer; config.settings takes them in."""

from environs import Env

_env = Env()

SMS_SENDER = _env.str("SMS_SENDER", "accounts.sms.ConsoleSender")
SMS_HTTP_URL = _env.str("SMS_HTTP_URL", "")
SMS_HTTP_TOKEN = _env.str("SMS_HTTP_TOKEN", "")
SMS_DAILY_MAX = _env.int("SMS_DAILY_MAX", 5000)  # of the whole site: each one costs money

STAFF_HOURS = _env.int("STAFF_HOURS", 12)  # then the second factor is asked for again
STAFF_IDLE_MINUTES = _env.int("STAFF_IDLE_MINUTES", 120)  # and after such a pause

ACCOUNT_ADAPTER = "accounts.adapter.PhoneAdapter"
ACCOUNT_FORMS = {
    "change_password": "accounts.forms.ChangePasswordForm",
    "confirm_login_code": "accounts.forms.LoginCodeForm",
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "signup": "accounts.forms.SignupForm",
    "verify_phone": "accounts.forms.PhoneCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1*"]
ACCOUNT_SIGNUP_REDIRECT_URL = "/accounts/me/"  # where the name is asked for
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PHONE_VERIFICATION_ENABLED = True
ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 5
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
# Counted per phone and account, not per address: a training hall has one. Wrong passwords and codes
# are counted in the database (accounts.limits); what is here counts in the shared cache.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "signup": None,
    "login_failed": "5/5m/key",  # second factors only: PhoneAdapter counts passwords itself
    "change_phone": "30/h/user",  # mistyped numbers count too
    "request_login_code": None,
    "reset_password": "5/m/key",
    "reset_password_from_key": None,
    "verify_phone": None,
    # Ours, see accounts.texts: what one phone receives, and what one address sends off.
    "sms_too_many": "6/10m/key",
    "sms_too_many_today": "20/d/key",
    "sms_too_many_here": "600/h/key",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
MFA_ADAPTER = "accounts.second_factor.SealedMFAAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.forms.ActivateTotpForm",
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateByCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "安信 Anxin"
MFA_TOTP_TOLERANCE = 1  # one period either way: cheap phones run slow
