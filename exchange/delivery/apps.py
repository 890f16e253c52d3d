from platform_core.common.apps import PlatformAppConfig


class DeliveryConfig(PlatformAppConfig):
    name = "exchange.delivery"
    label = "delivery"
