"""How static files are named: each by its content, modules' imports of each other included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # whitenoise has no types
    """Rewrites `import "./x.js"` to the hashed name, so that modules may be kept by browsers for ever."""

    support_js_module_import_aggregation = True
