"""Dialogue policies: one for safety, above Rasa's rules."""
