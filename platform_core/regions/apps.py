from platform_core.common.apps import PlatformAppConfig


class RegionsConfig(PlatformAppConfig):
    name = "platform_core.regions"
    label = "regions"
    reference = (
        "platform_core.regions.loaders.load_divisions",
        "platform_core.regions.loaders.load_own_node",
    )
