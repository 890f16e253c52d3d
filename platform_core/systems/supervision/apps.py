from platform_core.common.apps import PlatformAppConfig


class SupervisionConfig(PlatformAppConfig):
    name = "platform_core.systems.supervision"
    label = "supervision"
