from platform_core.common.apps import PlatformAppConfig


class RegionsConfig(PlatformAppConfig):
    name = "platform_core.regions"
    label = "regions"
