"""The app that `celery flower` opens: it watches, and defines no task."""

from arclight.runtime.broker import make_app
from arclight.runtime.settings import settings

app = make_app(settings())
