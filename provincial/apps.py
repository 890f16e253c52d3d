from platform_core.common.apps import PlatformAppConfig


class ProvincialConfig(PlatformAppConfig):
    name = "provincial"
    verbose_name = "Provincial platform"
