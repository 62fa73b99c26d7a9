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
    is_for_print = picture.mode in ("CMYK", "LAB")
    if not profile and not is_for_print:
        return picture
    seen = "RGBA" if picture.has_transparency_data else "RGB"
    plain = picture if is_for_print or picture.mode == "L" else picture.convert(seen)
    shown = (profile and _converted(plain, profile)) or plain.convert(seen)
    return picture if not is_for_print and _looks_like(shown, picture) else shown


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
    difference = ImageChops.difference(one, other.convert(one.mode))
    # Of each band the numbers of pixels by their value: none that differs by more.
    return not any(sum(band.histogram()[LEAST_DIFFERENCE + 1 :]) for band in difference.split())
