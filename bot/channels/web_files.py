"""The chat's files as they go out: compressed, hashed, kept."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b64encode
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path

from bot.channels.web_bundle import bundle

ENTRY = "widget.js"
SCRIPT_NAME = "first-aid-chat.js"
LATEST = "latest"
VERSION_LENGTH = 16
_ASSETS = ("embed.js", "icon.svg", "pages.css")
_JAVASCRIPT = "text/javascript; charset=utf-8"


@dataclass(frozen=True)
class File:
    """A file in both its sizes."""

    body: bytes
    zipped: bytes
    content_type: str

    @property
    def version(self) -> str:
        """Part of the address: changes with the content."""
        return version_of(self.body)

    @property
    def integrity(self) -> str:
        """The value of a script tag's ``integrity``."""
        return "sha384-" + b64encode(hashlib.sha384(self.body).digest()).decode("ascii")


def version_of(content: bytes) -> str:
    """A short hash for addresses."""
    return hashlib.sha256(content).hexdigest()[:VERSION_LENGTH]


def _file(body: bytes, content_type: str) -> File:
    return File(body, gzip.compress(body, mtime=0), content_type)


def read_widget(web: Path) -> File:
    """The script that host sites load, put together from the modules in `web`."""
    return _file(bundle(web, ENTRY).encode(), _JAVASCRIPT)


def read_assets(web: Path) -> dict[str, File]:
    """The files of the pages around the chat."""
    return {name: _file((web / name).read_bytes(), _content_type(web / name)) for name in _ASSETS}


def _content_type(path: Path) -> str:
    content_type = guess_type(path.name)[0] or "application/octet-stream"
    if content_type.startswith("text/") or content_type.endswith("javascript"):
        content_type += "; charset=utf-8"
    return content_type


class Widgets:
    """The script of today and those of earlier releases, which sites pin by hash and go on to load.

    Args:
        web: directory of the modules.
        kept: directory where each release leaves its script; nothing is kept when None.
    """

    def __init__(self, web: Path, kept: Path | None) -> None:
        self.current = read_widget(web)
        self._kept = kept
        if kept is not None:
            kept.mkdir(parents=True, exist_ok=True)
            (kept / f"{self.current.version}.js").write_bytes(self.current.body)

    def get(self, version: str) -> File | None:
        """The script of a version or of `LATEST`; None when there is none."""
        if version in {LATEST, self.current.version}:
            return self.current
        path = self._kept / f"{version}.js" if self._kept and version.isalnum() else None
        if path is None or not path.is_file():
            return None
        return _file(path.read_bytes(), _JAVASCRIPT)
