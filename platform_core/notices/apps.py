from platform_core.common.apps import PlatformAppConfig


class NoticesConfig(PlatformAppConfig):
    name = "platform_core.notices"
    label = "notices"
