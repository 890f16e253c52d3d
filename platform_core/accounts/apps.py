from platform_core.common.apps import PlatformAppConfig


class AccountsConfig(PlatformAppConfig):
    name = "platform_core.accounts"
    label = "accounts"
