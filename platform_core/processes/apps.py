from platform_core.common.apps import PlatformAppConfig


class ProcessesConfig(PlatformAppConfig):
    name = "platform_core.processes"
    label = "processes"
