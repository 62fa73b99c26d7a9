"""Pictures that editors put into a text: read, checked, written anew without their hidden data."""

import io
import secrets
import struct
import warnings
from pathlib import PurePosixPath

from django.core.files.base import File
from django.utils import timezone
from django.utils.text import slugify
from PIL import ExifTags, Image, ImageOps, ImageSequence, JpegImagePlugin

from releases.content.files.picture_data import PictureBroken, strip_hidden_data
from releases.models import Address, Blob, Upload
from releases.services.files.colours import convert_to_srgb
from releases.services.files.storage import store_bytes

FORMATS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
SUFFIXES = {"", ".png", ".jpg", ".jpeg", ".gif", ".webp"}
MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000
MAX_MOVING_PIXELS = 200_000_000
NO_PICTURE = "This is no picture that can be read."
SAVE_AS = {
    ".heic": "HEIC pictures can't be shown by most browsers. Save it as JPEG (in Photos: Export as JPEG), then add that.",
    ".heif": "HEIF pictures can't be shown by most browsers. Save it as JPEG (in Photos: Export as JPEG), then add that.",
    ".avif": "AVIF pictures are not taken in a text. Save it as PNG, JPEG or WebP, then add that.",
    ".tif": "TIFF pictures can't be shown by most browsers. Save it as PNG or JPEG, then add that.",
    ".tiff": "TIFF pictures can't be shown by most browsers. Save it as PNG or JPEG, then add that.",
    ".bmp": "Save the picture as PNG, then add that: a bitmap (BMP) is too large for readers.",
}
"""What to do with pictures whose kind is not taken."""
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
    """The path of a picture, free of EXIF and GPS data and otherwise as it was seen. It is public once an
    edition that shows it is live. Raises PictureRefused."""
    suffix = PurePosixPath(str(file.name)).suffix.lower()
    if suffix not in SUFFIXES:
        other = f"A file whose name ends in {suffix} is no picture. PNG, JPEG, GIF and WebP are."
        raise PictureRefused(SAVE_AS.get(suffix, other))
    if not file.size or file.size > MAX_BYTES:
        raise PictureRefused(f"The picture has {file.size or 0:,} bytes; up to {MAX_BYTES:,} are allowed.")
    data, suffix = write_anew(file)
    blob = store_bytes(data, f"picture.{suffix}")
    stem = slugify(PurePosixPath(str(file.name)).stem)[:80] or "picture"
    path = f"/images/{timezone.now().year}/{secrets.token_hex(8)}/{stem}.{suffix}"
    Upload.objects.create(address=Address.objects.create(path=path, kind=Address.Kind.FILE), blob=blob)
    return path


def check_picture(file: File) -> None:
    """Whether a picture that is kept as it is, an annex, can be opened by readers. Raises PictureRefused."""
    _open_picture(file)


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


def write_anew(file: File) -> tuple[bytes, str]:
    """Bytes that show what `file` shows and hold nothing else, and their suffix.

    They are copied where the picture is upright and in sRGB, so that nothing of it is lost; else it is drawn
    again, turned and in sRGB, as finely as it was.
    """
    picture = _open_picture(file)
    kind = "JPEG" if picture.format == "MPO" else str(picture.format)
    file.seek(0)
    data = file.read()
    shown = convert_to_srgb(_turn_upright(picture))
    if shown is picture:
        return _strip(data, picture, kind), FORMATS[kind]
    if _is_moving(picture):
        raise PictureRefused(
            "The picture moves, and is stored turned or in the colours of a camera. Save it anew, upright and in"
            " sRGB, then try again."
        )
    return _draw_again(shown, picture, _choose_quality(picture, data, kind)), FORMATS[kind]


def _strip(data: bytes, picture: Image.Image, kind: str) -> bytes:
    try:
        stripped = strip_hidden_data(data, kind)
        with Image.open(io.BytesIO(stripped), formats=(kind,)) as copy:
            if (copy.size, copy.mode, copy.tobytes()) == (picture.size, picture.mode, picture.tobytes()):
                return stripped
    except (PictureBroken, *UNREADABLE):
        pass
    raise PictureRefused(f"{NO_PICTURE} Open it in a program for pictures, save it anew, then try again.")


def _turn_upright(picture: Image.Image) -> Image.Image:
    """As its EXIF data say, which is what browsers ask; the same object where they don't turn it."""
    exif = picture.getexif() if "exif" in picture.info else {}
    is_turned = exif.get(ExifTags.Base.Orientation, 1) in range(2, 9)
    return ImageOps.exif_transpose(picture) if is_turned else picture


def _choose_quality(picture: Image.Image, data: bytes, kind: str) -> dict[str, object]:
    """How finely a picture is to be drawn again: as it was."""
    if kind == "JPEG":
        tables = list(getattr(picture, "quantization", {}).values())[:2]
        is_halved = JpegImagePlugin.get_sampling(picture) == 2
        return {"qtables": tables, "subsampling": "4:2:0" if is_halved else "4:4:4"}
    return {"lossless": b"VP8L" in data[:64], "quality": 95} if kind == "WEBP" else {}


def _draw_again(shown: Image.Image, picture: Image.Image, quality: dict[str, object]) -> bytes:
    shown.info = {key: value for key, value in shown.info.items() if key == "transparency"}
    stream = io.BytesIO()
    shown.save(stream, "JPEG" if picture.format == "MPO" else picture.format, **quality)
    return stream.getvalue()


def _open_picture(file: File) -> Image.Image:
    """A picture that can be decoded to its last frame, at the first. Raises PictureRefused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            Image.open(file, formats=tuple(FORMATS)).verify()
            file.seek(0)
            picture = Image.open(file, formats=tuple(FORMATS))
        _decode(picture)
    except PictureRefused:
        raise
    except UNREADABLE as error:
        raise PictureRefused(f"{NO_PICTURE} PNG, JPEG, GIF and WebP can.") from error
    return picture


def _decode(picture: Image.Image) -> None:
    size = picture.width * picture.height
    if size > MAX_PIXELS:
        raise PictureRefused(
            f"The picture has {picture.width} × {picture.height} pixels, which is too large."
        )
    if not _is_moving(picture):
        picture.load()
        return
    for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
        if number * size > MAX_MOVING_PIXELS:
            raise PictureRefused("The picture moves for too long at its size. Make it shorter or smaller.")
        frame.load()
    picture.seek(0)


def _is_moving(picture: Image.Image) -> bool:
    """Whether frames follow each other; a camera's further pictures beside one (MPO) don't."""
    return picture.format in ("GIF", "PNG", "WEBP") and getattr(picture, "is_animated", False)
