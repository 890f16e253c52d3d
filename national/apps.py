from platform_core.common.apps import PlatformAppConfig


class NationalConfig(PlatformAppConfig):
    name = "national"
    verbose_name = "National platform"
