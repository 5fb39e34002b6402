"""``firstaid evaluate``: how well messages are understood that nobody trained on.

The messages of ``data/evaluation`` were written apart from the training data, by other hands, and are never trained
on. A message may have a second reading that is fair (``also``); accuracy is given strictly and with it.

`bot.evaluation.command` is the command, `examples` reads the messages, `figures`, `calibration` and `cost` are pure,
`report` puts them together, `comparison` sets two releases side by side.
"""

from bot.evaluation.shares import Share, share

__all__ = ["Share", "share"]
