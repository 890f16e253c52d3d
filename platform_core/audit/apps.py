from platform_core.common.apps import PlatformAppConfig


class AuditConfig(PlatformAppConfig):
    name = "platform_core.audit"
    label = "audit"
