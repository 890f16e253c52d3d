from platform_core.common.apps import PlatformAppConfig


class DatasetsConfig(PlatformAppConfig):
    name = "platform_core.datasets"
    label = "datasets"
