"""What the bot keeps: encrypted, erasable, flat in cost."""
