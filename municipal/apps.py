from platform_core.common.apps import PlatformAppConfig


class MunicipalConfig(PlatformAppConfig):
    name = "municipal"
    verbose_name = "Municipal platform"
