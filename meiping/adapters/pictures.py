"""Pictures in and out: from the clipboard and into it, as a photo to keep, as a preview for the screen.

The imaging library is loaded when first needed. Everything here is for workers; nothing touches Tk.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from meiping.kernel.errors import InputError, UserError

if TYPE_CHECKING:
    from PIL.Image import Image

PHOTO_PIXELS = 640
"""The longer side of a photo that is kept."""
_MOST_PIXELS = 60_000_000
"""What a picture may unpack to: beyond it a small file could fill the memory."""
_JPEG_QUALITY = 88
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
"""What is opened as a picture: formats whose readers are simple and well tried."""
_PDF_DPI = 110
_TOO_MANY_PIXELS = "图片的像素太多，请先缩小再用。"
NO_PROGRAM = (
    "这台电脑缺少读取剪贴板图片的小程序。请安装 xclip（Wayland 用 wl-clipboard），或把图片存成文件再添加。"
)


@contextmanager
def _opened(content: bytes) -> Iterator["Image"]:
    """A picture of a known format and a bearable size. Raises InputError."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=_FORMATS)
        with opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise InputError(_TOO_MANY_PIXELS)
            yield opened
    except UnidentifiedImageError as error:
        raise InputError("这个文件不是能显示的图片，请用 PNG 或 JPG。") from error
    except Image.DecompressionBombError as error:
        raise InputError(_TOO_MANY_PIXELS) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError("图片已损坏，读不出来。") from error


def photo_of(content: bytes) -> bytes:
    """A photo as it is kept: turned upright, at most ``PHOTO_PIXELS`` long, without what the camera wrote into it.

    Raises InputError for what is no picture.
    """
    from PIL import ImageOps

    with _opened(content) as picture:
        picture.draft("RGB", (2 * PHOTO_PIXELS, 2 * PHOTO_PIXELS))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((PHOTO_PIXELS, PHOTO_PIXELS))
        flat = _on_white(upright)
        kept = io.BytesIO()
        flat.save(kept, "JPEG", quality=_JPEG_QUALITY, optimize=True)
        return kept.getvalue()


def _on_white(picture: "Image") -> "Image":
    """Without see-through parts: on white."""
    from PIL import Image

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return picture.convert("RGB")


def square_of(content: bytes, side: int) -> "Image":
    """The middle of a picture as a square of ``side`` pixels with round corners. Raises InputError."""
    from PIL import Image, ImageDraw, ImageOps

    with _opened(content) as picture:
        square = ImageOps.fit(_on_white(ImageOps.exif_transpose(picture)), (side, side))
    corners = Image.new("L", (4 * side, 4 * side), 0)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, 4 * side - 1, 4 * side - 1), 4 * side // 6, fill=255)
    square.putalpha(corners.resize((side, side), Image.Resampling.LANCZOS))
    return square


def preview_of(content: bytes, ending: str, width: int, height: int) -> "Image":
    """A picture, or the first page of a PDF, that fits into ``width`` x ``height`` pixels. Raises InputError."""
    if ending == "pdf":
        page = _first_page(content)
        page.thumbnail((width, height))
        return page
    from PIL import ImageOps

    with _opened(content) as picture:
        picture.draft("RGB", (2 * width, 2 * height))
        shown = ImageOps.exif_transpose(picture)
        shown.thumbnail((width, height))
        return shown.convert("RGBA")


def _first_page(content: bytes) -> "Image":
    from pypdfium2 import PdfiumError

    from meiping.adapters.pdf import page_image

    try:
        return page_image(content, dpi=_PDF_DPI)
    except PdfiumError as error:
        raise InputError("这份 PDF 有密码或已损坏，不能预览。") from error


# ------------------------------------------------------------------ clipboard
def from_clipboard() -> bytes | list[Path]:
    """What was copied: a picture as PNG, or the files copied in the system's file manager.

    Raises InputError where there is neither, UserError where this machine lacks the program that reads it.
    """
    from PIL import Image, ImageGrab

    try:
        found = ImageGrab.grabclipboard()
    except NotImplementedError as error:
        raise UserError(NO_PROGRAM) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise UserError("剪贴板里的内容读不出来，请重新复制，或把图片存成文件再添加。") from error
    if isinstance(found, Image.Image):
        if found.width * found.height > _MOST_PIXELS:
            raise InputError(_TOO_MANY_PIXELS)
        written = io.BytesIO()
        found.save(written, "PNG")
        return written.getvalue()
    paths = [Path(name) for name in found or ()]
    if not paths:
        raise InputError("剪贴板里没有图片或文件。先截图，或在文件夹里复制文件，再来粘贴。")
    return paths


_COPY_SECONDS = 15
_NO_COPY_PROGRAM = (
    "这台电脑缺少写剪贴板图片的小程序。请安装 xclip（Wayland 用 wl-clipboard），或用“保存图片”存成文件。"
)
_WINDOWS_COPY = (
    "Add-Type -AssemblyName System.Windows.Forms, System.Drawing;"
    "[Windows.Forms.Clipboard]::SetImage([Drawing.Image]::FromFile('{}'))"
)
_MAC_COPY = 'set the clipboard to (read (POSIX file "{}") as «class PNGf»)'


def to_clipboard(png: bytes) -> None:
    """Put a picture into the clipboard. Raises UserError where this machine can't."""
    with tempfile.TemporaryDirectory(prefix="meiping-copy-") as folder:
        path = Path(folder) / "picture.png"
        path.write_bytes(png)
        command = _copy_command(path)
        try:
            with path.open("rb") as picture:
                subprocess.run(
                    command,
                    stdin=picture,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    timeout=_COPY_SECONDS,
                    check=True,
                )
        except FileNotFoundError as error:
            raise UserError(_NO_COPY_PROGRAM) from error
        except (OSError, subprocess.SubprocessError) as error:
            raise UserError("图片没有复制成功，请用“保存图片”存成文件。") from error


def _copy_command(path: Path) -> list[str]:
    """What copies a picture here: given as a file, or to be read from its input."""
    if sys.platform == "win32":
        return ["powershell", "-NoProfile", "-STA", "-Command", _WINDOWS_COPY.format(path)]
    if sys.platform == "darwin":
        return ["osascript", "-e", _MAC_COPY.format(path)]
    if os.environ.get("WAYLAND_DISPLAY") and shutil.which("wl-copy"):
        return ["wl-copy", "--type", "image/png"]
    return ["xclip", "-selection", "clipboard", "-t", "image/png"]
