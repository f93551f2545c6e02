"""Structured logs: one JSON line an event on standard error, request id included.

A caller's address is personal data and tells little where hundreds share one: it is never logged.
"""

import os
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False


def drop_address(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Take the caller's address out, whoever put it in."""
    event.pop("ip", None)
    return event


_shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    drop_address,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
]

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            "foreign_pre_chain": _shared,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django_structlog": {"level": os.environ.get("LOG_REQUESTS", "INFO")},
        "anxin": {"level": "INFO"},
        # It warns at every message that the filesystem broker has no host name.
        "kombu.connection": {"level": "ERROR"},
        # A sensitive field would be logged with the query.
        "django.db.backends": {"level": "WARNING"},
    },
}

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        *_shared[1:],
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
