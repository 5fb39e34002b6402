"""A strict Telegram Bot API server for tests; `README.md` tells how to use it."""

from tests.telegram_api.people import Group, User
from tests.telegram_api.sent import Sent
from tests.telegram_api.server import BotApi

__all__ = ["BotApi", "Group", "Sent", "User"]
