"""The case of one person, and what comes next in it. Pure: no Rasa, no I/O, nothing else of the project."""
