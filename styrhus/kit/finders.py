"""Which files of the npm packages are served: those that pages load, not whole packages."""

from fnmatch import fnmatch

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder


class VendorFinder(FileSystemFinder):
    """Collects only what `VENDOR_FILES` names; whole packages would be ten times as much to compress and ship."""

    def list(self, ignore_patterns):
        for path, storage in super().list(ignore_patterns):
            wanted = settings.VENDOR_FILES[storage.prefix.removeprefix("vendor/")]
            if any(fnmatch(path, pattern) for pattern in wanted):
                yield path, storage
