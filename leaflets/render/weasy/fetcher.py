"""Fetch figures, style and logo from the folders of the library and the clinic; nothing else."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weasyprint.urls import URLFetcher, URLFetcherResponse

from leaflets.insides import Touch


class FolderFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no type information
    """Reads files below some folders; refuses every other file and every other protocol."""

    def __init__(self, folders: Sequence[Path], assets: Mapping[Path, str] | None = None) -> None:
        """Take the folders, and the files with the hashes that they must have; None for any."""
        super().__init__(allowed_protocols=("file",), allow_redirects=False, fail_on_errors=True)
        self._folders = tuple(folder.resolve() for folder in folders)
        self._assets = assets

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Read a file; raise `ValueError` for an address outside the folders."""
        parts = urlsplit(url)
        if parts.scheme.lower() != "file" or parts.netloc not in {"", "localhost"}:
            raise ValueError(f"only files of the library and the clinic may be read, not {url}")
        # Links are resolved first: one that leads out of the folder is outside.
        path = Path(url2pathname(parts.path)).resolve()
        if not any(path.is_relative_to(folder) for folder in self._folders):
            raise ValueError(f"{path} is outside the folders of the library and the clinic")
        response = super().fetch(path.as_uri(), headers)
        return response if self._assets is None else self._as_composed(path, response)

    def _as_composed(self, path: Path, response: URLFetcherResponse) -> URLFetcherResponse:
        """Refuse a file that changed since the page was composed: the cache would keep a lie."""
        try:
            data = response.read()
        finally:
            response.close()
        wanted = (self._assets or {}).get(path)
        if wanted is None:
            raise ValueError(f"{path} is read by no template: name it with picture() or style()")
        if hashlib.sha256(data).hexdigest() != wanted:
            raise ValueError(f"{path} was changed while it was printed; build again")
        return URLFetcherResponse(response.url, data, response.headers)


TOUCHES = (
    Touch(
        (
            "weasyprint.urls.URLFetcher",
            "weasyprint.urls.URLFetcher.fetch(self, url, headers=None)",
            "weasyprint.urls.URLFetcherResponse(url, body=None, headers=None, status=200,"
            " **kwargs)",
        ),
        why="Reads the files that a page names, and no other. WeasyPrint describes them in its"
        " guide, not in its reference.",
        needless_when="WeasyPrint lists them in its reference.",
        test="tests/test_typesetting.py"
        "::test_the_fetcher_refuses_every_address_outside_its_folders",
    ),
)
