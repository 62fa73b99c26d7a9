"""Colours of pictures as every screen shows them: sRGB, whatever profile a camera or a program wrote."""

import io

from PIL import Image, ImageChops, ImageCms

LEAST_DIFFERENCE = 2
"""Of 255: what no eye sees, and what a profile that means sRGB differs by after rounding."""
_SRGB = ImageCms.createProfile("sRGB")


def convert_to_srgb(picture: Image.Image) -> Image.Image:
    """The picture in sRGB without a profile; the same object where nothing that is seen would change.

    A profile that can't be read is left out, as browsers do.
    """
    profile = picture.info.get("icc_profile")
    plain = _without_palette(picture) if profile or picture.mode in ("CMYK", "YCbCr", "LAB") else picture
    if profile:
        plain = _converted(plain, profile) or plain
    if plain.mode in ("CMYK", "YCbCr", "LAB"):
        return plain.convert("RGB")
    return picture if plain is picture or _looks_like(plain, picture) else plain


def _without_palette(picture: Image.Image) -> Image.Image:
    if picture.mode in ("L", "RGB", "RGBA", "CMYK", "LAB"):
        return picture if "transparency" not in picture.info else picture.convert("RGBA")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _converted(picture: Image.Image, profile: bytes) -> Image.Image | None:
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if picture.mode == "L" and source.profile.xcolor_space.strip() != "GRAY":
            picture = picture.convert("RGB")
        return ImageCms.profileToProfile(picture, source, _SRGB, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _looks_like(one: Image.Image, other: Image.Image) -> bool:
    if other.mode in ("CMYK", "YCbCr", "LAB"):
        return False
    difference = ImageChops.difference(one, other.convert(one.mode)).getextrema()
    bands = difference if isinstance(difference[0], tuple) else (difference,)
    return all(most <= LEAST_DIFFERENCE for _, most in bands)
