from platform_core.common.apps import PlatformAppConfig


class PublicServiceConfig(PlatformAppConfig):
    name = "municipal.public_service"
    label = "public_service"
    sample = ("municipal.public_service.sample.load",)
