"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from platform_core.common.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_core.settings.production")

application = get_wsgi_application()
settle()
