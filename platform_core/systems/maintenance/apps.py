from platform_core.common.apps import PlatformAppConfig


class MaintenanceConfig(PlatformAppConfig):
    name = "platform_core.systems.maintenance"
    label = "maintenance"
