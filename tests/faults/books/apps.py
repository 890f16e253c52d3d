from platform_core.common.apps import PlatformAppConfig


class BooksConfig(PlatformAppConfig):
    name = "tests.faults.books"
    label = "books"
