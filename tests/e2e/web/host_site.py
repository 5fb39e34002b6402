"""A support group's site that embeds the chat: strict about scripts, careless about styles."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bot.channels.snippet import snippet
from bot.channels.web_files import read_widget
from bot.paths import WEB

HOSTILE = """
html { font-size: 5px !important; color: red; --lead: red; --ink: transparent; letter-spacing: 2em; }
* { all: unset !important; direction: rtl; visibility: hidden !important; font-size: 3px !important; }
body { transform: scale(0.2) !important; filter: blur(9px); overflow: hidden; opacity: 0.1; line-height: 0 !important; }
first-aid-chat, first-aid-chat * { display: none !important; pointer-events: none !important; }
button, textarea, .panel, .launcher { width: 1px !important; }
"""
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A circle of friends</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">{head}</head>
<body><main><h1>Welcome</h1><p>We meet on Tuesdays. <a href="/second">More</a></p></main>{snippet}</body></html>"""


class HostSite:
    """Serves ``/`` (plain), ``/hostile`` (styles that break what they can) and ``/second``.

    Args:
        chat: address of the bot.
        port: where the site listens.
    """

    def __init__(self, chat: str, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.attributes = {"color": "#ffd400", "greeting": "Talk to us"}
        self.pinned = True
        self.policy = (
            f"default-src 'none'; style-src 'self'; img-src data:; script-src {chat}; connect-src {chat};"
            " base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
        )
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                styles = self.path == "/hostile.css"
                body = (HOSTILE if styles else site.page(chat, self.path)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/css" if styles else "text/html")
                self.send_header("Content-Security-Policy", site.policy)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def page(self, chat: str, path: str) -> str:
        """The page at a path."""
        tag = snippet(chat, read_widget(WEB), self.attributes, pinned=self.pinned)
        head = '<link rel="stylesheet" href="/hostile.css">' if path == "/hostile" else ""
        return PAGE.format(head=head, snippet=tag)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
