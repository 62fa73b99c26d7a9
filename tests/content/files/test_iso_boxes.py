import pytest

from releases.content.files.media_types import find_annex_problem, identify_file


def boxed(main, *others):
    brands = b"".join(others)
    size = (16 + len(brands)).to_bytes(4, "big")
    return size + b"ftyp" + main + bytes(4) + brands + b"\0\0\0\x08mdat"


@pytest.mark.parametrize(
    "name, brands, media_type",
    [
        ("a.avif", [b"avif", b"mif1", b"miaf"], "image/avif"),
        ("a.avif", [b"mif1", b"mif1", b"avif"], "image/avif"),
        ("a.avif", [b"avis", b"msf1", b"avif"], "image/avif"),
        ("a.heic", [b"heic", b"mif1", b"heic"], "image/heic"),
        ("a.heif", [b"mif1", b"heix"], "image/heic"),
        ("a.hif", [b"msf1", b"hevc"], "image/heic"),
        ("a.m4a", [b"M4A ", b"M4A ", b"mp42"], "audio/mp4"),
        ("a.m4a", [b"mp42", b"isom"], "audio/mp4"),
        ("a.m4a", [b"3gp4", b"isom"], "audio/mp4"),
        ("a.m4b", [b"M4B ", b"isom"], "audio/mp4"),
        ("a.mp4", [b"isom", b"iso2", b"avc1"], "video/mp4"),
        ("a.mp4", [b"mp42"], "video/mp4"),
        ("a.m4v", [b"M4V ", b"M4V ", b"M4A "], "video/mp4"),
        ("a.mov", [b"qt  "], "video/quicktime"),
        ("a.3gp", [b"3gp5", b"isom"], "video/3gpp"),
        ("a.cr3", [b"crx ", b"isom"], "application/octet-stream"),
    ],
)
def test_boxes_are_what_their_brands_say(name, brands, media_type):
    assert identify_file(boxed(*brands), name).media_type == media_type


def test_a_first_box_may_say_its_size_in_a_longer_number():
    long = b"\0\0\0\x01ftyp" + (28).to_bytes(8, "big") + b"mif1\0\0\0\0avif"
    assert identify_file(long, "a.avif").media_type == "image/avif"


@pytest.mark.parametrize("box", [b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"])
def test_films_of_older_cameras_have_no_brands(box):
    film = b"\0\0\0\x08" + box + b"\0\0\0\x08mdat"
    assert find_annex_problem(film, "a.mov") == ""
    assert (
        identify_file(film, "a.mp4").media_type
        == identify_file(film, "a.txt").media_type
        == "application/octet-stream"
    )


def test_a_brand_behind_the_first_box_says_nothing():
    assert identify_file(boxed(b"isom") + b"avif", "a.mp4").media_type == "video/mp4"


@pytest.mark.parametrize(
    "name, brand", [("a.avif", b"avif"), ("a.m4a", b"M4A "), ("a.mp4", b"isom"), ("a.mov", b"qt  ")]
)
def test_pictures_sound_and_films_that_readers_can_open_are_taken(name, brand):
    assert find_annex_problem(boxed(brand), name) == ""


@pytest.mark.parametrize(
    "name, brand, advice",
    [
        ("a.heic", b"heic", "Save it as JPEG"),
        ("a.jpg", b"heic", "Save it as JPEG"),
        ("a.mp4", b"heic", "Save it as JPEG"),
        ("a.3gp", b"3gp4", "Save it as MP4"),
        ("a.mp4", b"M4A ", "its content is that of a .m4a file"),
        ("a.mp4", b"avif", "its content is that of a .avif file"),
    ],
)
def test_what_readers_could_not_open_is_refused_with_what_to_save_instead(name, brand, advice):
    assert advice in find_annex_problem(boxed(brand), name)
