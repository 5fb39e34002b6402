"""Which needs are answered before any rule, and by which action."""

SAFETY_ACTION = "action_safety"
PRIVACY_ACTION = "action_privacy"
CONVERSATION_ACTION = "action_conversation"

SAFETY_NEEDS = {
    "crisis": SAFETY_ACTION,
    "trapped": SAFETY_ACTION,
    "relative_trapped": SAFETY_ACTION,
    "being_watched": SAFETY_ACTION,
    "threatened": SAFETY_ACTION,
    "tell_recovery_offer": SAFETY_ACTION,
    "delete_data": PRIVACY_ACTION,
    "stop": CONVERSATION_ACTION,
    "restart": CONVERSATION_ACTION,
}
