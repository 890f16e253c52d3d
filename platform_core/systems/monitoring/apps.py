from platform_core.common.apps import PlatformAppConfig


class MonitoringConfig(PlatformAppConfig):
    name = "platform_core.systems.monitoring"
    label = "monitoring"
