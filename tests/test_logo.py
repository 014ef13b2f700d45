"""A logo: whatever is more, or less, than a picture is refused with what to do."""

import io
import zlib
from pathlib import Path

import pytest
from PIL import Image

from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.errors import InputError
from leaflets.library import load, logo
from tests.conftest import ClinicFolder

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'  # fmt: skip  # noqa: E501 - one element
PATH = '<path d="M0 0h9v9z"/>'


def picture(kind: str, size: tuple[int, int] = (40, 20), frames: int = 1) -> bytes:
    data = io.BytesIO()
    pages = [Image.new("RGB", size, (shade, 0, 0)) for shade in range(frames)]
    more = {"save_all": True, "append_images": pages[1:]} if frames > 1 else {}
    pages[0].save(data, kind, **more)
    return data.getvalue()


def grey_of_16_bits() -> bytes:
    data = io.BytesIO()
    Image.new("I;16", (40, 20)).save(data, "PNG")
    return data.getvalue()


def bomb() -> bytes:
    """Make a small PNG that states 30,000 by 30,000 pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        check = zlib.crc32(name + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + name + body + check

    side = (30_000).to_bytes(4, "big")
    head = chunk(b"IHDR", side + side + bytes([8, 0, 0, 0, 0]))
    return (
        b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 9)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("logo.png", picture("PNG")),
        ("logo.jpg", picture("JPEG")),
        ("logo.JPEG", picture("JPEG")),
        ("logo.svg", SVG.format(PATH).encode()),
        ("logo.svg", SVG.format('<defs><g id="a"/></defs><use href="#a"/>' + PATH).encode()),
    ],
)
def test_a_picture_is_taken(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    logo.check(tmp_path, name)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("logo.png", grey_of_16_bits(), "more than 8 bits"),
        ("logo.svg", SVG.format('<mask id="k"/><path mask="url(#k)"/>').encode(), "holds a mask"),
        ("logo.gif", picture("GIF"), "SVG, PNG or JPEG"),
        ("logo.png", picture("JPEG"), "not a PNG file inside"),
        ("logo.jpg", picture("PNG"), "not a JPEG file inside"),
        ("logo.png", picture("PNG")[:45], "cannot be read"),
        ("logo.png", b"", "cannot be read"),
        ("logo.png", b"\0" * 3_000_000, "larger than 2 MB"),
        ("logo.png", bomb(), "pixels|cannot be read"),
        ("logo.png", picture("PNG", frames=3), "animated"),
        ("logo.svg", b"<svg", "cannot be read as SVG"),
        ("logo.svg", b"<html/>", "not SVG inside"),
        ("logo.svg", SVG.replace("0 0 9 9", "0 0 9").encode(), "not four numbers"),
        ("logo.svg", SVG.format("<script>1</script>").encode(), "<script>"),
        ("logo.svg", SVG.format("<foreignObject/>").encode(), "<foreignObject>"),
        ("logo.svg", SVG.format('<path onload="x()"/>').encode(), "a script"),
        ("logo.svg", SVG.format("<text>Clinic</text>").encode(), "into paths"),
        ("logo.svg", SVG.format('<image href="http://a.example/x.png"/>').encode(), "elsewhere"),
        ("logo.svg", SVG.format('<image xlink:href="file:///etc/passwd"/>').encode(), "elsewhere"),
        (
            "logo.svg",
            SVG.format('<path style="fill: url(http://a.b)"/>').encode(),
            "elsewhere",
        ),
        ("logo.svg", SVG.format("<style>@import 'x.css';</style>").encode(), "elsewhere"),
        (
            "logo.svg",
            b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format(PATH).encode(),
            "DOCTYPE or entities",
        ),
    ],
)
def test_what_is_no_picture_is_refused_with_what_to_do(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=said) as found:
        logo.check(tmp_path, name)
    assert str(tmp_path / name) in str(found.value)


def test_a_logo_outside_the_folder_is_refused_also_through_a_link(tmp_path: Path) -> None:
    folder = tmp_path / "clinic"
    folder.mkdir()
    (tmp_path / "logo.png").write_bytes(picture("PNG"))
    (folder / "link.png").symlink_to(tmp_path / "logo.png")
    for name in ("../logo.png", "link.png", "/etc/hostname"):
        with pytest.raises(InputError, match="outside the clinic folder"):
            logo.check(folder, name)


def test_a_logo_that_is_missing_is_named_with_its_key(clinic: ClinicFolder) -> None:
    clinic.write("clinic.toml", 'name = "Test"\nlogo = "no.png"\n')
    with pytest.raises(InputError, match=r"clinic\.toml, logo: the logo “no\.png” is not"):
        load.load(clinic.path)


@pytest.mark.parametrize("name", ["logo.png", "logo.svg"])
def test_a_logo_stands_on_the_page_without_a_problem(clinic: ClinicFolder, name: str) -> None:
    data = picture("PNG") if name.endswith("png") else SVG.format(PATH).encode()
    (clinic.path / name).write_bytes(data)
    clinic.write("clinic.toml", f'name = "Test"\nlogo = "{name}"\n')
    assert [one.sentence() for one in clinic.proof().problems] == []
    library = load.load(clinic.path)
    (edition,) = plan(library, Request(leaflets=("sample",), languages=("en",)))
    assert name in compose(Inputs(library), edition).html


@pytest.mark.parametrize("name", ["x" * 300, "a\0.png"])
def test_a_name_that_no_file_can_have_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"clinic\.toml, logo: .* no file can have"):
        logo.check(tmp_path, name)


def test_a_figure_of_a_clinic_is_looked_through_as_the_logo_is(clinic: ClinicFolder) -> None:
    clinic.body("{% call part.figure('spy', 'A spy') %}{% endcall %}")
    clinic.write("templates/figures/spy.svg", SVG.format(PATH))
    assert "spy.svg" in compose(Inputs(load.load(clinic.path)), clinic.edition()).html
    clinic.write("templates/figures/spy.svg", SVG.format("<text>A word</text>"))
    with pytest.raises(InputError, match=r"spy\.svg: the SVG holds text"):
        compose(Inputs(load.load(clinic.path)), clinic.edition())
