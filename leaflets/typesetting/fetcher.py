"""Fetch figures, style and logo from the folders of the library and the clinic; nothing else."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weasyprint.urls import URLFetcher, URLFetcherResponse


class FolderFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no type information
    """Reads files below some folders; refuses every other file and every other protocol."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Take the folders, all of which may be read."""
        super().__init__(allowed_protocols=("file",), allow_redirects=False, fail_on_errors=True)
        self._folders = tuple(folder.resolve() for folder in folders)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Read a file; raise `ValueError` for an address outside the folders."""
        parts = urlsplit(url)
        if parts.scheme.lower() != "file" or parts.netloc not in {"", "localhost"}:
            raise ValueError(f"only files of the library and the clinic may be read, not {url}")
        # Links are resolved first: one that leads out of the folder is outside.
        path = Path(url2pathname(parts.path)).resolve()
        if not any(path.is_relative_to(folder) for folder in self._folders):
            raise ValueError(f"{path} is outside the folders of the library and the clinic")
        return super().fetch(path.as_uri(), headers)
