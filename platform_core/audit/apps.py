from platform_core.common.apps import PlatformAppConfig


class AuditConfig(PlatformAppConfig):
    name = "platform_core.audit"
    label = "audit"
    beat_schedule = {
        "audit.seal": {"task": "platform_core.audit.tasks.seal", "schedule": 5.0}
    }
