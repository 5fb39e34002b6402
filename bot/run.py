"""Starting things: the bot, the desk, and both with what a newcomer should open."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import httpx

from bot.paths import ROOT
from bot.settings import Settings, SettingsError
from bot.training import trained_model

LOOPBACK = "127.0.0.1"
DESK_PATIENCE_SECONDS = 120.0


def serve(settings: Settings, announce: str = "") -> int:
    """Serve the bot until it is stopped; a missing secret or an unusable database ends it with one line."""
    from bot.delivery import open_services
    from bot.quiet import be_quiet

    be_quiet()
    shared = open_services(settings)
    model = trained_model(settings.model_dir)

    from bot.assistant import load_assistant
    from bot.server import create_app
    from bot.storage.database import StoreUnavailable

    try:
        assistant = load_assistant(model, settings)
    except StoreUnavailable as error:
        raise SettingsError(f"FIRSTAID_DATABASE_URL: {error}") from None
    app = create_app(assistant, settings, shared)
    print(announce or f"Scam First Aid listens on http://{settings.host}:{settings.port}", flush=True)
    app.run(host=settings.host, port=settings.port, access_log=False, debug=False, motd=False)
    return 0


def desk(settings: Settings, port: int | None) -> int:
    """Run the desk alone until it is stopped."""
    return _start_desk(settings, port or settings.desk_port).wait()


def run(settings: Settings) -> int:
    """Run the desk beside the bot, and say what to open."""
    if settings.intake_url:
        return serve(settings)
    running = _start_desk(settings, settings.desk_port)
    try:
        _await_desk(running, settings.desk_port)
        return serve(settings, announce=_welcome(settings))
    finally:
        running.terminate()
        running.wait(timeout=10)


def _start_desk(settings: Settings, port: int) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "FIRSTAID_DATA_DIR": str(settings.data_dir),
        "FIRSTAID_DEMO": str(settings.demo).lower(),
        "FIRSTAID_INTAKE_TOKEN": settings.secret("intake_token"),
    }
    from bot.channels.intake_events import PATH

    if secret := settings.event_secret():
        environment["FIRSTAID_INTAKE_EVENT_SECRET"] = secret
        environment.setdefault("FIRSTAID_DESK_EVENTS_URL", f"http://{LOOPBACK}:{settings.port}{PATH}")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "desk", "serve", "--port", str(port)]
    return subprocess.Popen(command, env=environment, cwd=ROOT)


def _await_desk(desk: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the desk that was started answers; one that ended has said why."""
    end = time.monotonic() + DESK_PATIENCE_SECONDS
    while time.monotonic() < end:
        if desk.poll() is not None:
            raise SettingsError("the desk did not start; see above")
        try:
            if httpx.get(f"http://{LOOPBACK}:{port}/health", timeout=2.0).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise SettingsError(f"FIRSTAID_DESK_PORT: the desk did not answer on port {port}")


def _welcome(settings: Settings) -> str:
    return (
        "\nScam First Aid is ready.\n"
        f"  Chat:  http://localhost:{settings.port}\n"
        f"  Desk:  http://localhost:{settings.desk_port}  (staff login above)\n"
        "  Stop with Ctrl+C.\n"
    )
