"""Starting the desk: database, queues, demo login, and the web server."""

from __future__ import annotations

import os
import socket
import warnings
from pathlib import Path

from desk.catalogs import compile_catalogs
from desk.environment import Environment, environment

DEMO_STAFF = "caseworker"
THREADS = 8
# Larger than the largest body of the contract; staff upload evidence of the same size.
MAX_BODY_BYTES = 20 * 2**20


def set_up() -> None:
    """Load Django with the desk's settings; harmless to repeat.

    Raises:
        SettingsError: a setting is missing or broken.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "desk.settings"
    import django
    from django.conf import settings

    Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True)
    compile_catalogs(settings.LOCALE_PATHS[0])
    # helpdesk's own statistics compare dates without a zone.
    warnings.filterwarnings("ignore", "DateTimeField .* received a naive datetime", RuntimeWarning)
    django.setup()


def prepare() -> None:
    """Bring the database up to date: migrations that are due, queues that are missing."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from desk.intake.filing import seed_queues

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    seed_queues()


def make_staff(name: str, password: str, administrator: bool) -> None:
    """Make a staff login, or give an existing one this password and these rights.

    Raises:
        django.core.exceptions.ValidationError: the password is too weak.
    """
    from django.contrib.auth.models import User
    from django.contrib.auth.password_validation import validate_password

    user = User.objects.filter(username=name).first() or User(username=name)
    validate_password(password, user)
    user.is_staff, user.is_superuser = True, administrator
    user.set_password(password)
    user.save()


def demo_login(settings: Environment) -> tuple[str, str]:
    """Return name and password of the demo's staff login, making it on the first start."""
    from django.contrib.auth.models import User

    password, made = settings.kept_secret("desk_staff_password")
    if made or not User.objects.filter(username=DEMO_STAFF).exists():
        make_staff(DEMO_STAFF, password, administrator=True)
    return DEMO_STAFF, password


def retire_demo_login(settings: Environment) -> None:
    """Close the login that an earlier demo on this data directory made and whose password lies there."""
    from django.contrib.auth.models import User

    if (settings.data_dir / "secrets" / "desk_staff_password").exists():
        password, _ = settings.kept_secret("desk_staff_password")
        user = User.objects.filter(username=DEMO_STAFF, is_active=True).first()
        if user is not None and user.check_password(password):
            user.is_active = False
            user.save()


def _proxy(settings: Environment) -> dict[str, object]:
    """What the web server believes of a reverse proxy: whether the browser came by HTTPS, and nothing else."""
    if not settings.desk_hosts:
        return {}
    return {"trusted_proxy": "*", "trusted_proxy_headers": {"x-forwarded-proto"}}


def check() -> None:
    """Run Django's checks for a deployment.

    Raises:
        django.core.management.base.SystemCheckError: they found something.
    """
    from django.core.management import call_command

    call_command("check", deploy=True, fail_level="WARNING")


def serve(host: str, port: int) -> None:
    """Serve the desk until the process is told to stop; port 0 takes a free one."""
    set_up()
    prepare()
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    from desk.intake import herald

    if environment().demo:
        name, password = demo_login(environment())
        print(f"Staff login (demo): {name} / {password}", flush=True)
    else:
        retire_demo_login(environment())
    listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    server = create_server(
        get_wsgi_application(),
        sockets=[listener],
        threads=THREADS,
        max_request_body_size=MAX_BODY_BYTES,
        inbuf_overflow=MAX_BODY_BYTES,
        ident=None,
        **_proxy(environment()),
    )
    herald.start()
    print(f"Intake desk ready on http://{host}:{listener.getsockname()[1]}/", flush=True)
    server.run()
