from platform_core.common.apps import PlatformAppConfig


class ClassificationConfig(PlatformAppConfig):
    name = "platform_core.classification"
    label = "classification"
    reference = ("platform_core.classification.loaders.load_classes",)
