"""Names, for caseworkers, of the identifiers that the contract carries."""

from __future__ import annotations

from babel import Locale
from django.utils.translation import get_language, gettext, pgettext, to_locale
from django.utils.translation import gettext_lazy as _

SCAM_TYPES = {
    "pig_butchering": _("investment romance scam"),
    "fake_investment_platform": _("fake investment platform"),
    "romance": _("romance scam"),
    "brushing_task": _("task or brushing job scam"),
    "law_enforcement_impersonation": _("fake police, court or embassy"),
    "customer_service_impersonation": _("fake customer service"),
    "loan_credit_scam": _("fake loan or credit repair"),
    "gambling_platform": _("fake gambling platform"),
    "fake_job_trafficking": _("fake overseas job, trafficking"),
    "recovery_scam": _("recovery scam"),
    "tech_support_remote_access": _("tech-support or remote-access scam"),
    "crypto_atm_gov_impersonation": _("government impostor at a crypto ATM"),
    "parcel_virtual_kidnapping_students": _("parcel call or virtual kidnapping"),
    "family_emergency_ai_voice": _("family emergency, cloned voice"),
}
PAYMENT_METHODS = {
    "bank_wire_us": _("bank wire inside the US"),
    "bank_wire_international": _("international wire (SWIFT)"),
    "ach": _("ACH or bank debit (US)"),
    "zelle": "Zelle",
    "credit_card": _("credit card"),
    "debit_card": _("debit card"),
    "gift_card": _("gift card"),
    "cash_courier": _("cash or gold by courier or mail"),
    "crypto_exchange_withdrawal": _("crypto from an exchange"),
    "crypto_self_custody": _("crypto from an own wallet"),
    "crypto_atm": _("crypto ATM"),
    "paypal": "PayPal",
    "venmo": "Venmo",
    "cash_app": "Cash App",
    "apple_cash": "Apple Cash",
    "western_union": "Western Union",
    "moneygram": "MoneyGram",
    "china_bank_transfer": _("bank transfer in mainland China"),
    "wechat_pay": _("WeChat Pay"),
    "alipay": _("Alipay"),
    "hk_fps": _("Hong Kong FPS or bank transfer"),
    "tw_bank_transfer": _("Taiwan bank transfer"),
    "sg_paynow": _("Singapore PayNow or bank transfer"),
    "my_bank_transfer": _("Malaysia bank transfer"),
    "uk_bank_transfer": _("UK bank transfer"),
    "au_bank_transfer": _("Australian bank transfer or PayID"),
    "remote_access_app_installed": _("remote-control app installed"),
    "identity_documents_shared": _("identity documents shared"),
    "bank_card_or_account_lent": _("bank card or account lent"),
}
PAYMENT_STATES = {
    "pressed": _("demanded, not paid"),
    "pending": _("ordered, not yet out"),
    "sent": _("sent"),
    "recalled": _("recall asked for"),
    "refused": _("refused"),
}
ROLES = {
    "self": _("the person concerned"),
    "relative": _("a relative or friend"),
    "trapped": _("held in a scam compound"),
    "relative_trapped": _("a relative of someone held"),
    "mule": _("account used to move money"),
    "job_seeker": _("a job seeker"),
    "unknown": _("not known"),
}
MARKS = {
    "crisis": _("Crisis: thoughts of suicide or self-harm"),
    "trapped": _("Held against their will"),
    "threatened": _("Threatened"),
    "watched": _("The device or chat may be watched: take care how you reach out"),
}
CONTACT_KINDS = {
    "none": _(
        "Do not call or write; they come back with the reference. A public follow-up appears in the chat while"
        " it is open"
    ),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "chat": _("In the chat with the bot: answer with a public follow-up"),
}
PURPOSES = {"handover": _("handing over the case"), "contact": _("being contacted")}
LANGUAGES = {"en": _("English"), "zh_Hans": _("Simplified Chinese"), "zh_Hant": _("Traditional Chinese")}


def scam_type(identifier: str | None) -> str:
    """Name of a scam type of the bot's registry; its identifier in words when it is new to the desk."""
    if identifier is None:
        return gettext("scam type not known")
    return str(SCAM_TYPES.get(identifier, in_words(identifier)))


def payment_method(identifier: str | None) -> str:
    """Name of a payment method of the bot's registry; its identifier in words when it is new to the desk."""
    if identifier is None:
        return pgettext("payment method", "not known")
    return str(PAYMENT_METHODS.get(identifier, in_words(identifier)))


def in_words(identifier: str) -> str:
    """An identifier as words: ``bank_wire`` becomes ``bank wire``."""
    return identifier.replace("_", " ")


def country(code: str) -> str:
    """Name of a country or territory (ISO 3166-1 alpha-2) in the language of the reader, after CLDR."""
    name = _locale().territories.get(code)
    return f"{name} ({code})" if name else code


def _locale() -> Locale:
    return Locale.parse(to_locale(get_language() or "en"))
