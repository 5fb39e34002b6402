"""The saved replies a new desk begins with."""

from pathlib import Path

import yaml
from django.db import migrations

REPLIES = Path(__file__).parents[1] / "saved_replies.yml"
SCRIPTS = (("en", "English"), ("zh_Hans", "简体中文"), ("zh_Hant", "繁體中文"))


def add_replies(apps, _schema_editor) -> None:  # type: ignore[no-untyped-def]
    """Add them to a desk that has none of its own yet."""
    saved_reply = apps.get_model("helpdesk", "PreSetReply")
    if saved_reply.objects.exists():
        return
    for reply in yaml.safe_load(REPLIES.read_text(encoding="utf-8")):
        for script, own_name in SCRIPTS:
            saved_reply.objects.create(name=f"{own_name}: {reply['name']}", body=reply[script])


class Migration(migrations.Migration):
    """Adds rows; taking the step back leaves them."""

    dependencies = (("intake", "0002_events"),)
    operations = (migrations.RunPython(add_replies, migrations.RunPython.noop),)
