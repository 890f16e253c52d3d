from platform_core.common.apps import PlatformAppConfig


class FilesConfig(PlatformAppConfig):
    name = "platform_core.files"
    label = "files"
