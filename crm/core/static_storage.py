"""Static files with a hash in their name, compressed once."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Hashed and compressed files; source-map comments of third-party files are left alone."""

    patterns = (("*.css", HashedFilesMixin.patterns[0][1][:2]),)
