"""The pictures of an office itself: its logo, and the one that stands for it where a page is shared."""

import io
from pathlib import PurePosixPath
from typing import NamedTuple

from django.core.files.base import File
from PIL import Image, ImageOps

from releases.content.files.drawings import DrawingRefused, clean_drawing
from releases.models import Blob
from releases.services.files.images import PictureRefused, write_anew
from releases.services.files.storage import store_bytes

LARGEST = 100_000
MOST_BROUGHT = 10_000_000
BOX = (720, 240)
SOCIAL_SIZE = (1200, 630)
LARGEST_SOCIAL = 300_000
QUALITIES = (88, 80, 70, 60, 50)


class CleanedPicture(NamedTuple):
    """`told` says what was cut off, "" for nothing."""

    blob: Blob
    told: str = ""


def store_logo(file: File) -> CleanedPicture:
    """A PNG, WebP or cleaned SVG, as large as pages show it on the finest screens. Raises PictureRefused."""
    suffix = PurePosixPath(str(file.name)).suffix.lower()
    _check_size(file)
    if suffix == ".svg":
        data, width, height = _clean(file.read())
    elif suffix in (".png", ".webp"):
        data, width, height = _fit(file, suffix)
    else:
        raise PictureRefused("A logo is a PNG, WebP or SVG file. Save it as one of them, then add that.")
    if len(data) > LARGEST:
        raise PictureRefused(
            f"As pages show it, the logo has {len(data) // 1000} kB; {LARGEST // 1000} kB are allowed, since every page"
            " loads it. Save it with fewer colours or details, or as SVG."
        )
    return CleanedPicture(keep_size(store_bytes(data, f"logo{suffix}"), width, height))


def store_social_picture(file: File) -> CleanedPicture:
    """A JPEG of SOCIAL_SIZE, of the middle of the picture. Raises PictureRefused."""
    _check_size(file)
    data, _ = write_anew(file)
    with Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
        if width < SOCIAL_SIZE[0] or height < SOCIAL_SIZE[1]:
            raise PictureRefused(
                f"The picture has {width} × {height} pixels. Where pages are shared it is shown {SOCIAL_SIZE[0]} × "
                f"{SOCIAL_SIZE[1]}, so give one that is at least as large."
            )
        shown = ImageOps.fit(picture.convert("RGBA"), SOCIAL_SIZE, Image.Resampling.LANCZOS)
    on_white = Image.alpha_composite(Image.new("RGBA", SOCIAL_SIZE, "white"), shown).convert("RGB")
    blob = keep_size(store_bytes(_press(on_white), "picture.jpg"), *SOCIAL_SIZE)
    return CleanedPicture(blob, _tell_cut(width, height))


def _check_size(file: File) -> None:
    if not file.size or file.size > MOST_BROUGHT:
        raise PictureRefused(f"The picture has {file.size or 0:,} bytes; up to {MOST_BROUGHT:,} are allowed.")


def _clean(data: bytes) -> tuple[bytes, int, int]:
    if len(data) > LARGEST:
        raise PictureRefused(
            f"The drawing has {len(data) // 1000} kB; {LARGEST // 1000} kB are allowed, since every page loads it. Save it"
            " simplified (in Illustrator or Inkscape: as optimised SVG)."
        )
    try:
        return clean_drawing(data)
    except DrawingRefused as error:
        raise PictureRefused(str(error)) from error


def _fit(file: File, suffix: str) -> tuple[bytes, int, int]:
    data, kind = write_anew(file)
    if f".{kind}" != suffix:
        raise PictureRefused(
            f"Its name ends in {suffix}, but it is a {kind.upper()} picture. Save it as PNG or WebP."
        )
    with Image.open(io.BytesIO(data)) as picture:
        if getattr(picture, "is_animated", False):
            raise PictureRefused("The logo moves. Take one that stands still.")
        if picture.width <= BOX[0] and picture.height <= BOX[1]:
            return data, *picture.size
        smaller = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        smaller.thumbnail(BOX, Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    smaller.save(stream, picture.format, optimize=True, lossless=True)
    return stream.getvalue(), *smaller.size


def _press(picture: Image.Image) -> bytes:
    """A JPEG of at most LARGEST_SOCIAL bytes, which programs that show links ask for: the best quality that is."""
    for quality in QUALITIES:
        stream = io.BytesIO()
        picture.save(stream, "JPEG", quality=quality, optimize=True, progressive=True)
        if stream.tell() <= LARGEST_SOCIAL:
            break
    return stream.getvalue()


def _tell_cut(width: int, height: int) -> str:
    scale = max(SOCIAL_SIZE[0] / width, SOCIAL_SIZE[1] / height)
    sides, ends = round(width - SOCIAL_SIZE[0] / scale), round(height - SOCIAL_SIZE[1] / scale)
    if sides > 0:
        return (
            f"The social picture was cut to 1200 × 630: {sides} of its {width} pixels went, left and right."
        )
    if ends > 0:
        return (
            f"The social picture was cut to 1200 × 630: {ends} of its {height} pixels went, above and below."
        )
    return ""


def keep_size(blob: Blob, width: int, height: int) -> Blob:
    """With its size in pixels, which pages need at once and the worker would tell later."""
    if blob.picture_width is None:
        Blob.objects.filter(pk=blob.pk).update(picture_width=width, picture_height=height)
        blob.picture_width, blob.picture_height = width, height
    return blob
