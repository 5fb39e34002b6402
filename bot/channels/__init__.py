"""Where people meet the bot: each channel is a Rasa input channel, one a file."""
