from platform_core.common.apps import PlatformAppConfig


class UiConfig(PlatformAppConfig):
    name = "platform_core.ui"
    label = "ui"
