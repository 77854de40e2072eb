from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "only-for-this-test"
INSTALLED_APPS = ["django.contrib.staticfiles", "pages"]
ROOT_URLCONF = "site_config.urls"
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "collected"
