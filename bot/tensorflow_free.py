"""Rasa without TensorFlow.

Rasa 3.6 imports TensorFlow, Keras and their companions at module level in components this project never
uses (DIET, TED, response selectors). They would be two thirds of the installed size, most of the start time
and the only reason to stay on Python 3.10, so the lock leaves them out. `install` puts a finder on
`sys.meta_path` that answers imports of exactly those packages with placeholders: enough to be subclassed,
annotated with and used as a decorator while Rasa's modules load, and nothing else. Any attempt to *use* one
raises `TensorFlowMissing` and says what to do.

Call `install` before the first import of `rasa`. Where TensorFlow is really installed, the finder steps aside.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType
from typing import Any

STOOD_IN_FOR = frozenset(
    {"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "jax"}
)


class TensorFlowMissing(ImportError):
    """A component asked TensorFlow to do something; this project runs Rasa without it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"'{name}' needs TensorFlow, which Scam First Aid leaves out on purpose. "
            "Choose a component in config.yml that does without it (see bot/tensorflow_free.py)."
        )


class _Placeholder(type):
    """A class for any dotted name below a missing package: subclassable, indexable, never usable."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _placeholder(f"{cls.__module__}.{cls.__qualname__}.{name}")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and isinstance(args[0], FunctionType | type):
            return args[0]
        if "placeholder_for" not in vars(cls):
            return super().__call__(*args, **kwargs)
        raise TensorFlowMissing(cls.placeholder_for)

    def __getitem__(cls, item: Any) -> _Placeholder:
        return cls

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__


def _refuse(self: Any, *args: Any, **kwargs: Any) -> None:
    raise TensorFlowMissing(type(self).__name__)


def _placeholder(dotted: str) -> _Placeholder:
    module, _, name = dotted.rpartition(".")
    return _Placeholder(
        name, (), {"__module__": module, "placeholder_for": dotted, "__init__": _refuse, "__doc__": dotted}
    )


class _PlaceholderModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _placeholder(f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class _PlaceholderLoader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = _PlaceholderModule(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: the module has no code."""


class TensorFlowStandIn(MetaPathFinder):
    """Finds only the packages of `STOOD_IN_FOR` and what lies below them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in STOOD_IN_FOR:
            return None
        return ModuleSpec(fullname, _PlaceholderLoader(), is_package=True)


def install(find_spec: Callable[[str], ModuleSpec | None] = importlib.util.find_spec) -> None:
    """Put the stand-in last on the import path, once, unless TensorFlow is really there."""
    if any(isinstance(finder, TensorFlowStandIn) for finder in sys.meta_path):
        return
    if find_spec("tensorflow") is None:
        sys.meta_path.append(TensorFlowStandIn())
