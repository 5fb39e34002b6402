"""Puts the chat's ES modules and its style sheet into the one file that host sites load.

One file has one hash: Subresource Integrity then covers all code and styles, and a year of caching is safe. It is put
together when the server starts; the modules stay as they are and run unbundled too, in a browser with CSS modules.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

_IMPORT = re.compile(r'^import (?P<names>\{[^}]*\}|\w+) from "\./(?P<file>[\w.]+)"[^;\n]*;\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:class|const|function|let)\b)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*//[^\n]*\n|^[ \t]*/\*\*.*?\*/\n|/\*\*.*?\*/ ?", re.MULTILINE | re.DOTALL)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_SPACE = re.compile(r"\s+")


def bundle(web: Path, entry: str) -> str:
    """Join the module `entry` in `web` and all it imports, in the order they need each other."""
    return "".join(_modules(web, entry, set()))


def _modules(web: Path, name: str, seen: set[str]) -> list[str]:
    if name in seen:
        return []
    seen.add(name)
    source = (web / name).read_text(encoding="utf-8")
    parts: list[str] = []
    for found in _IMPORT.finditer(source):
        if found["file"].endswith(".css"):
            parts.append(_style_sheet(web / found["file"], found["names"]))
        else:
            parts += _modules(web, found["file"], seen)
    return [*parts, _EXPORT.sub("", _COMMENT.sub("", _IMPORT.sub("", source))).lstrip()]


def _style_sheet(path: Path, name: str) -> str:
    styles = _CSS_SPACE.sub(" ", _CSS_COMMENT.sub("", path.read_text(encoding="utf-8"))).strip()
    return f"const {name} = new CSSStyleSheet();\n{name}.replaceSync({json.dumps(styles, ensure_ascii=False)});\n"
