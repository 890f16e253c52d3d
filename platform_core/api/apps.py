from platform_core.common.apps import PlatformAppConfig


class PlatformApiConfig(PlatformAppConfig):
    name = "platform_core.api"
    label = "platform_api"
