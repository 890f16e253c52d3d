from platform_core.common.apps import PlatformAppConfig


class CommandConfig(PlatformAppConfig):
    name = "municipal.command"
    label = "command"
