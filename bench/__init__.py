"""What is fast: this bot beside stock Rasa, measured in one run. See ``docs/bench.md``."""
