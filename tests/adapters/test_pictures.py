"""Photos are kept small and plain, previews fit, and nothing odd gets through."""

import io
from pathlib import Path

import pytest
from PIL import Image

from meiping.adapters import pictures
from meiping.adapters.lettering import new_document
from meiping.kernel.errors import InputError, UserError


def picture(
    size: tuple[int, int] = (800, 400), form: str = "PNG", mode: str = "RGB", **more: object
) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, "red").save(written, form, **more)
    return written.getvalue()


def test_a_photo_is_kept_small_and_without_what_the_camera_wrote() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by the camera
    exif[0x010F] = "secret camera"
    kept = pictures.photo_of(picture((2000, 1000), "JPEG", exif=exif))
    with Image.open(io.BytesIO(kept)) as photo:
        assert photo.size == (320, 640)
        assert not photo.getexif()
    assert b"secret camera" not in kept


def test_a_see_through_photo_gets_a_white_ground() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(written, "PNG")
    with Image.open(io.BytesIO(pictures.photo_of(written.getvalue()))) as photo:
        assert photo.getpixel((25, 25)) == (255, 255, 255)


def test_a_square_is_cut_from_the_middle_with_round_corners() -> None:
    square = pictures.square_of(picture(), 48)
    assert square.size == (48, 48)
    assert square.getchannel("A").getpixel((0, 0)) == 0
    assert square.getpixel((24, 24)) == (255, 0, 0, 255)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"])
def test_a_preview_fits_its_room(form: str) -> None:
    shown = pictures.preview_of(picture(form=form), form.lower(), 100, 100)
    assert shown.size == (100, 50)


def test_the_first_page_of_a_pdf_is_shown(tmp_path: Path) -> None:
    with new_document("报价") as pdf:
        pdf.add_page()
        content = bytes(pdf.output())
    shown = pictures.preview_of(content, "pdf", 200, 200)
    assert shown.height == 200
    assert shown.width < 200


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"", "png"),
        (b"not a picture", "jpg"),
        (picture()[:60], "png"),
        (b"%PDF-1.7 nothing", "pdf"),
        (b"", "pdf"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "png"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(content: bytes, ending: str) -> None:
    with pytest.raises(InputError, match=r"图片|PDF"):
        pictures.preview_of(content, ending, 100, 100)


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused() -> None:
    written = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(written, "PNG")
    assert len(written.getvalue()) < 200_000
    with pytest.raises(InputError, match="像素太多"):
        pictures.photo_of(written.getvalue())


def test_a_machine_that_can_not_read_the_clipboard_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(UserError, match="请安装 xclip"):
        pictures.from_clipboard()


def clipboard_program(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Stand in for the system's own program, which is none of ours."""
    folder.mkdir()
    for name in ("xclip", "wl-paste"):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")
    monkeypatch.setattr("sys.platform", "linux")


def test_a_picture_is_taken_from_the_clipboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "copied.png").write_bytes(picture((30, 20)))
    clipboard_program(tmp_path / "bin", monkeypatch, f"cat '{tmp_path / 'copied.png'}'")
    content = pictures.from_clipboard()
    assert isinstance(content, bytes)
    with Image.open(io.BytesIO(content)) as taken:
        assert taken.size == (30, 20)


def test_an_empty_clipboard_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clipboard_program(tmp_path / "bin", monkeypatch, "echo 'target image/png not available' >&2; exit 1")
    with pytest.raises(InputError, match="剪贴板里没有图片"):
        pictures.from_clipboard()


def test_rubbish_in_the_clipboard_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clipboard_program(tmp_path / "bin", monkeypatch, "echo rubbish")
    with pytest.raises(UserError, match="读不出来"):
        pictures.from_clipboard()


def test_a_picture_is_put_into_the_clipboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    clipboard_program(
        tmp_path / "bin", monkeypatch, f"echo \"$@\" > '{tmp_path}/asked'; cat > '{tmp_path}/got'"
    )
    pictures.to_clipboard(picture((30, 20)))
    with Image.open(tmp_path / "got") as got:
        assert got.size == (30, 20)
    assert "image/png" in (tmp_path / "asked").read_text()


def test_a_machine_that_can_not_copy_pictures_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(UserError, match="请安装 xclip"):
        pictures.to_clipboard(picture())


def test_a_clipboard_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    clipboard_program(tmp_path / "bin", monkeypatch, "exit 1")
    with pytest.raises(UserError, match="没有复制成功"):
        pictures.to_clipboard(picture())
