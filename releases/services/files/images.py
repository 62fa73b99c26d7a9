"""Pictures that editors put into a text: read, checked, written anew without their hidden data."""

import io
import secrets
import struct
import warnings
from pathlib import PurePosixPath

from django.core.files.base import File
from django.utils import timezone
from django.utils.text import slugify
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from releases.models import Address, Blob, Upload
from releases.services.files.storage import store_bytes

FORMATS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
SUFFIXES = {"", ".png", ".jpg", ".jpeg", ".gif", ".webp"}
MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000
TYPES_WITH_LOCATION = {"image/jpeg", "image/png", "image/webp", "image/tiff", "image/avif"}
UNREADABLE = (
    Image.DecompressionBombError,
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    AttributeError,
    LookupError,
    EOFError,
    struct.error,
)


class PictureRefused(ValueError):
    """A picture that can't be taken; the message is for the editor."""


def store_picture(file: File) -> str:
    """The path of a picture, free of EXIF and GPS data. It is public once an edition that shows it is live.

    Raises PictureRefused.
    """
    suffix = PurePosixPath(str(file.name)).suffix.lower()
    if suffix not in SUFFIXES:
        raise PictureRefused(
            f"A file whose name ends in {suffix} is no picture. PNG, JPEG, GIF and WebP are."
        )
    if not file.size or file.size > MAX_BYTES:
        raise PictureRefused(f"The picture has {file.size or 0:,} bytes; up to {MAX_BYTES:,} are allowed.")
    data, suffix = _written_anew(file)
    blob = store_bytes(data, f"picture.{suffix}")
    stem = slugify(PurePosixPath(str(file.name)).stem)[:80] or "picture"
    path = f"/images/{timezone.now().year}/{secrets.token_hex(8)}/{stem}.{suffix}"
    Upload.objects.create(address=Address.objects.create(path=path, kind=Address.Kind.FILE), blob=blob)
    return path


def check_picture(file: File) -> None:
    """Whether a picture that is kept as it is, an annex, can be opened by readers. Raises PictureRefused."""
    _written_anew(file)


def has_location(blob: Blob) -> bool:
    """Whether a picture that is kept as it is says where it was taken, in its EXIF or XMP data.

    Only its head is read.
    """
    if blob.media_type not in TYPES_WITH_LOCATION:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(blob.file, formats=(*FORMATS, "TIFF", "AVIF")) as picture:
                return b"GPSLatitude" in bytes(picture.info.get("xmp", b"")) or _has_latitude(picture)
    except UNREADABLE:
        return False


def _has_latitude(picture: Image.Image) -> bool:
    """Asking a PNG without EXIF data for it would decode all of the picture."""
    if picture.format == "PNG" and "exif" not in picture.info:
        return False
    return ExifTags.GPS.GPSLatitude in picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)


def _written_anew(file: File) -> tuple[bytes, str]:
    try:
        picture = _opened(file)
        kind = str(picture.format)
        clean = ImageOps.exif_transpose(picture)
        stream = io.BytesIO()
        clean.info = {}
        clean.save(stream, kind)
    except PictureRefused:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise PictureRefused("This is no picture that can be read. PNG, JPEG, GIF and WebP can.") from error
    return stream.getvalue(), FORMATS[kind]


def _opened(file: File) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        Image.open(file, formats=tuple(FORMATS)).verify()
        file.seek(0)
        picture = Image.open(file, formats=tuple(FORMATS))
    if picture.width * picture.height > MAX_PIXELS:
        raise PictureRefused(
            f"The picture has {picture.width} × {picture.height} pixels, which is too large."
        )
    return picture
