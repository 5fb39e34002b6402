"""The Telegram channel, on python-telegram-bot.

From Telegram: `channel` takes an update by webhook or polling, `updates` reads it, `bot.storage.telegram` keeps it,
`talks` answers what waits of a chat as `batches` puts it together. To Telegram: what is said (`output`) waits in the
outbox until `sender` has delivered it.
"""
