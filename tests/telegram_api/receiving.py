"""The methods by which a bot says how it wants its updates."""

from __future__ import annotations

import re
from typing import Any

from tests.telegram_api.refusals import bad_request
from tests.telegram_api.requests import Call
from tests.telegram_api.updates import Updates, Webhook

SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]+")


async def get_updates(updates: Updates, call: Call) -> list[dict[str, Any]]:
    """getUpdates."""
    given = call.parameters
    if not 1 <= given.get("limit", 100) <= 100:
        raise bad_request("limit must be between 1 and 100")
    updates.allowed = given.get("allowed_updates", updates.allowed)
    return await updates.poll(given.get("offset", 0), given.get("limit", 100), given.get("timeout", 0))


async def set_webhook(updates: Updates, call: Call) -> bool:
    """setWebhook."""
    given = call.parameters
    if not given["url"]:
        return await delete_webhook(updates, call)
    wanted = Webhook(given["url"], given.get("secret_token"), given.get("max_connections", 40), given)
    _check(wanted)
    updates.allowed = given.get("allowed_updates", updates.allowed)
    drop = given.get("drop_pending_updates", False)
    if updates.webhook is not None and updates.webhook.same_as(wanted) and not drop:
        call.description = "Webhook is already set"
        return True
    if drop:
        updates.drop()
    await updates.set_webhook(wanted)
    call.description = "Webhook was set"
    return True


async def delete_webhook(updates: Updates, call: Call) -> bool:
    """deleteWebhook."""
    call.description = "Webhook is already deleted" if updates.webhook is None else "Webhook was deleted"
    await updates.delete_webhook()
    if call.parameters.get("drop_pending_updates"):
        updates.drop()
    return True


async def webhook_info(updates: Updates, call: Call) -> dict[str, Any]:
    """getWebhookInfo."""
    webhook = updates.webhook
    info: dict[str, Any] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(updates.waiting),
    }
    if webhook is not None:
        info |= {"max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}
        if webhook.last_error:
            info |= {"last_error_date": webhook.last_error_date, "last_error_message": webhook.last_error}
    if updates.allowed:
        info["allowed_updates"] = updates.allowed
    return info


def _check(webhook: Webhook) -> None:
    """Refuse what the real setWebhook refuses. Plain HTTP is let through to this machine only."""
    scheme, _, rest = webhook.url.partition("://")
    host = rest.partition("/")[0]
    name, _, port = host.rpartition(":") if ":" in host else (host, "", "")
    local = name in ("127.0.0.1", "localhost", "[::1]")
    if not rest or not host:
        raise bad_request("invalid webhook URL specified")
    if scheme != "https" and not local:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not local and port not in ("", "443", "80", "88", "8443"):
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if webhook.secret_token is not None and not SECRET_TOKEN.fullmatch(webhook.secret_token):
        raise bad_request("secret token contains unallowed characters")
    if not 1 <= webhook.max_connections <= 100:
        raise bad_request("max_connections must be between 1 and 100")
