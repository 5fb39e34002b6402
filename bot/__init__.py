"""Scam First Aid: the assistant. Importing it makes Rasa quiet and importable without TensorFlow.

Telemetry and crash reports are off before Rasa is imported. ``distutils`` left the standard library in Python 3.12;
setuptools brings it, but only when asked before ``pkg_resources`` is halfway through its own import.
"""

import importlib
import os

from bot import tensorflow_free

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
# One message is small work: more threads of linear algebra only wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

importlib.import_module("distutils")
tensorflow_free.install()
