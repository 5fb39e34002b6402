"""Logs that say what happened and never what anyone wrote."""

from __future__ import annotations

import logging
import warnings


def be_quiet(level: int = logging.INFO) -> None:
    """Set up logging: our own loggers at `level`, Rasa and its libraries from warnings on.

    Rasa's structured logger prints every message and slot at debug until it is configured.
    """
    from rasa.utils.log_utils import configure_structlog

    warnings.filterwarnings("ignore", module=r"(?!bot|actions|desk).*")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for ours in ("bot", "actions"):
        logging.getLogger(ours).setLevel(level)
    for chatty in ("rasa", "rasa_sdk", "sanic", "sanic.access", "httpx", "apscheduler"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # These write addresses that hold the bot's token, and answers that hold words, into their messages.
    for indiscreet in ("telegram", "httpcore"):
        logging.getLogger(indiscreet).setLevel(logging.CRITICAL)
    configure_structlog(logging.WARNING)


def place(error: BaseException) -> str:
    """Type, file and line of an error: what a log may say of it, for its message may carry a person's words."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {where}"
