"""Uploaded images: what is taken, what is refused with which advice, and what is left of it."""

import re
import struct
import subprocess
import sys
import zlib
from hashlib import sha256
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageSequence, PngImagePlugin

from portal.core.media.uploads import MAX_BYTES, UploadRefused, store_image
from tests.pictures import chunk, png_of

SCRIPT = b"<script>alert(document.domain)</script>"
PHP = b"<?php system($_GET['c']); ?>"
ORIENTATION, GPS = 0x0112, 0x8825


def written(image, kind, **options):
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def picture(mode="RGB", size=(40, 20)):
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    return image.convert(mode)


def stored(content, **options):
    return store_image(BytesIO(content), **options)


def opened(result):
    return Image.open(BytesIO(result.content))


def refusal(content, **options):
    with pytest.raises(UploadRefused) as caught:
        stored(content, **options)
    return caught.value


# It works


@pytest.mark.parametrize(
    ("kind", "becomes", "extension"),
    [
        ("PNG", "image/png", "png"),
        ("JPEG", "image/jpeg", "jpg"),
        ("WEBP", "image/webp", "webp"),
        ("GIF", "image/png", "png"),
    ],
)
def test_it_stores_an_image_under_a_name_of_its_own(kind, becomes, extension):
    result = stored(written(picture(), kind), name="disk.png")

    assert re.fullmatch(rf"[0-9a-f]{{32}}\.{extension}", result.name)
    assert result.content_type == becomes == Image.MIME[opened(result).format]
    assert (result.width, result.height) == opened(result).size == (40, 20)
    assert result.sha256 == sha256(result.content).hexdigest()


def test_the_content_decides_not_the_name():
    assert stored(written(picture(), "JPEG"), name="photo.svg").content_type == "image/jpeg"


def test_the_same_image_twice_has_two_names_and_one_digest():
    first, second = stored(written(picture(), "PNG")), stored(written(picture(), "PNG"))

    assert first.name != second.name
    assert first.sha256 == second.sha256


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        *(("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA")),
        *(("JPEG", mode) for mode in ("L", "RGB", "CMYK", "YCbCr")),
        *(("WEBP", mode) for mode in ("RGB", "RGBA")),
        *(("GIF", mode) for mode in ("L", "P")),
    ],
)
def test_every_mode_keeps_its_look(kind, mode):
    source = picture(mode)

    left = opened(stored(written(source, kind))).convert("RGB").getpixel((5, 10))

    expected = source.convert("RGB").getpixel((5, 10))
    assert all(abs(a - b) < 12 for a, b in zip(left, expected, strict=True))


def test_sixteen_bits_become_eight_and_keep_their_brightness():
    deep = Image.new("I;16", (4, 4), 0x8000)

    assert opened(stored(written(deep, "PNG"))).getpixel((0, 0)) == 0x80


def test_transparency_is_kept():
    image = Image.new("RGBA", (4, 4), (255, 0, 0, 0))

    assert opened(stored(written(image, "PNG"))).getpixel((0, 0))[3] == 0
    assert opened(stored(written(image, "WEBP", lossless=True))).getpixel((0, 0))[3] == 0


def test_a_transparent_palette_colour_stays_transparent():
    image = Image.new("P", (4, 4), 0)

    result = opened(stored(written(image, "GIF", transparency=0)))

    assert result.getpixel((0, 0))[3] == 0


def test_of_an_animation_the_first_frame_stays():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    for kind in ("GIF", "WEBP", "PNG"):
        moving = written(frames[0], kind, save_all=True, append_images=frames[1:])

        result = opened(stored(moving))

        assert len(list(ImageSequence.Iterator(result))) == 1
        assert result.convert("RGB").getpixel((4, 4))[0] > 240


def test_a_large_image_is_scaled_down():
    result = stored(written(Image.new("L", (8192, 1000)), "PNG"))

    assert (result.width, result.height) == (4096, 500)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_tall_screenshot_keeps_its_width(kind):
    result = stored(written(Image.new("L", (600, 20_000)), kind))

    assert (result.width, result.height) == (600, 20_000)


def test_a_wide_picture_on_its_side_is_scaled_as_it_is_seen():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    result = stored(written(Image.new("L", (1000, 8192)), "JPEG", exif=exif))

    assert (result.width, result.height) == (4096, 500)


def test_a_phone_picture_with_a_preview_behind_it_is_a_jpeg():
    two = written(picture(), "MPO", save_all=True, append_images=[picture(size=(20, 10))])

    result = stored(two)

    assert (result.content_type, result.width) == ("image/jpeg", 40)
    assert result.content.count(b"\xff\xd8\xff") == 1


def test_it_reads_a_file_that_comes_in_pieces():
    class Slow(BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 7))

    assert store_image(Slow(written(picture(), "PNG"))).width == 40


# Nothing but the pixels is left


def with_exif(kind):
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(GPS).update({1: "N", 2: (59.0, 19.0, 46.0)})
    return written(picture(), kind, exif=exif)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_place_is_gone_and_the_rotation_kept(kind):
    result = stored(with_exif(kind))

    image = opened(result)
    assert dict(image.getexif()) == {}
    assert b"SecretCamera" not in result.content
    assert (result.width, result.height) == image.size == (20, 40)
    assert image.convert("RGB").getpixel((10, 5))[0] > 240


def test_texts_profiles_and_comments_are_gone():
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SCRIPT.decode())
    text.add_itxt("XML:com.adobe.xmp", SCRIPT.decode())
    profile = b"SecretProfile" * 20
    for content in (
        written(picture(), "PNG", pnginfo=text, icc_profile=profile, dpi=(300, 300)),
        written(picture(), "JPEG", comment=PHP, icc_profile=profile, dpi=(300, 300), xmp=SCRIPT),
        written(picture(), "WEBP", icc_profile=profile, xmp=SCRIPT),
        written(picture(), "GIF", comment=PHP),
    ):
        result = stored(content)
        assert not any(
            secret in result.content for secret in (b"script", b"<?php", b"SecretProfile")
        )
        assert not {"icc_profile", "comment", "xmp", "dpi"} & {
            key for key, value in opened(result).info.items() if value
        }


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("trailer", [SCRIPT, PHP, b"PK\x03\x04archive", b"%PDF-1.7\n"])
def test_nothing_behind_the_image_is_kept(kind, trailer):
    assert trailer not in stored(written(picture(), kind) + trailer).content


def test_a_damaged_colour_profile_is_no_reason_to_refuse():
    result = stored(written(picture(), "PNG", icc_profile=b"x" * 200))

    assert opened(result).convert("RGB").tobytes() == picture().tobytes()


def test_a_gif_that_is_also_a_program_is_only_an_image():
    gif = written(picture(), "GIF")
    polyglot = b"GIF89a" + b"/*" + gif[8:] + b"*/=1;alert(1);"

    try:
        content = stored(polyglot).content
    except UploadRefused as refused:
        assert refused.code in ("broken", "too-many-pixels")
    else:
        assert b"alert" not in content


def test_a_php_comment_in_a_jpeg_is_gone():
    content = written(picture(), "JPEG", comment=PHP)
    assert PHP in content

    assert b"php" not in stored(content).content


# Names


@pytest.mark.parametrize(
    "name",
    [
        "../../x.png",
        "..\\..\\x.png",
        "x.php",
        "x.png\0.php",
        "\u202egnp.exe",
        "a" * 5000,
        "<img src=x onerror=alert(1)>.png",
        "CON",
        "",
        ".htaccess",
    ],
)
def test_the_stored_name_owes_nothing_to_the_senders(name):
    result = stored(written(picture(), "PNG"), name=name)

    assert re.fullmatch(r"[0-9a-f]{32}\.png", result.name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("notes.txt", "notes.txt: "),
        ("../../etc/x.png", "x.png: "),
        ("C:\\Users\\x.png", "x.png: "),
        ("\u202egnp\0\r\n.exe", "gnp.exe: "),
        ("a" * 5000, "a" * 60 + ": "),
        ("", ""),
    ],
)
def test_a_refusal_names_the_file_in_a_form_fit_to_be_shown(name, shown):
    assert refusal(b"hello", name=name).detail.startswith(f"{shown}This is not")


# Who may not come in


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"just some text", "not-an-image"),
        (b"<!doctype html><script>alert(1)</script>", "not-an-image"),
        (b"%PDF-1.7\n1 0 obj", "not-an-image"),
        (b"PK\x03\x04" + bytes(40), "not-an-image"),
        (b"RIFF\0\0\0\0WAVEfmt ", "not-an-image"),
        (bytes(1000), "not-an-image"),
        (SVG, "svg"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><!-- x -->\n' + SVG.upper(), "svg"),
        (SVG.decode().encode("utf-16"), "not-an-image"),
        (b"\x89PNG\r\n\x1a\n", "broken"),
        (b"\xff\xd8\xff", "broken"),
        (b"GIF89a", "broken"),
        (b"RIFF\x04\0\0\0WEBP", "broken"),
    ],
)
def test_what_is_no_image_is_refused_whatever_its_name(content, code):
    refused = refusal(content, name="x.png")

    assert refused.code == code
    assert str(refused) == refused.detail


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM", "PCX", "TGA", "EPS"])
def test_other_formats_are_refused_with_advice(kind):
    refused = refusal(written(picture(), kind), name="x.png")

    assert refused.code == "not-an-image"
    assert "Save it as PNG or JPEG" in refused.detail


def test_a_file_above_ten_megabytes_is_not_read_to_its_end():
    file = BytesIO(written(picture(), "PNG") + bytes(MAX_BYTES * 2))

    with pytest.raises(UploadRefused) as caught:
        store_image(file)

    assert caught.value.code == "too-large"
    assert file.tell() == MAX_BYTES + 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_truncated_image_is_refused(kind):
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    whole = written(noise, kind)

    for share in (0.02, 0.25, 0.6, 0.9):
        assert refusal(whole[: int(len(whole) * share)]).code == "broken"


# Bombs


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [5_000, 12_000, 50_000, 2**31 - 1])
def test_a_header_that_claims_too_many_pixels_is_refused(side):
    assert refusal(png_of(side, side)).code == "too-many-pixels"


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [5_000, 60_000])
def test_every_format_has_its_limit(side):
    jpeg = bytearray(written(Image.new("L", (8, 8)), "JPEG"))
    place = jpeg.index(b"\xff\xc0") + 5
    jpeg[place : place + 4] = struct.pack(">HH", side, side)

    gif = bytearray(written(Image.new("1", (8, 8)), "GIF"))
    gif[6:10] = struct.pack("<HH", side, 5_000)

    assert refusal(bytes(jpeg)).code == "too-many-pixels"
    assert refusal(bytes(gif)).code == "too-many-pixels"


def test_a_webp_that_is_too_large_is_refused():
    assert refusal(written(Image.new("L", (4_000, 3_000)), "WEBP")).code == "too-many-pixels"


def test_pixels_behind_the_claimed_ones_are_never_unpacked():
    packed = zlib.compress(bytes(200_000_000), 9)

    result = stored(png_of(100, 100, data=packed))

    assert (result.width, result.height) == (100, 100)


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
def test_a_text_that_unpacks_to_gigabytes_does_no_harm(kind):
    bomb = chunk(kind, b"x\0\0" + zlib.compress(bytes(100_000_000), 9))
    row = zlib.compress(bytes(10 * 31))

    try:
        content = stored(png_of(10, 10, data=row, before=bomb)).content
    except UploadRefused as refused:
        assert refused.code == "broken"
    else:
        assert len(content) < 1_000


def test_a_jpeg_of_endless_scans_is_refused():
    noise = Image.effect_noise((64, 64), 90)
    jpeg = written(noise, "JPEG", progressive=True)
    last = jpeg[jpeg.rindex(b"\xff\xda") : -2]

    assert refusal(jpeg[:-2] + last * 60 + b"\xff\xd9").code == "broken"


MEMORY = """
import resource, sys
from portal.core.media.uploads import UploadRefused, store_image
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    store_image(sys.stdin.buffer)
except UploadRefused:
    pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize(
    ("content", "megabytes"),
    [
        (lambda: png_of(50_000, 50_000, data=zlib.compress(bytes(10_000_000), 9)), 60),
        (lambda: png_of(100, 100, data=zlib.compress(bytes(200_000_000), 9)), 60),
        (lambda: bytes(MAX_BYTES * 4), 60),
        (lambda: png_of(5_000, 4_000, data=zlib.compress(bytes(15_001 * 4_000), 9)), 300),
    ],
    ids=["pixels", "zlib", "bytes", "allowed"],
)
def test_memory_stays_bounded(content, megabytes):
    child = subprocess.run(
        [sys.executable, "-c", MEMORY], input=content(), capture_output=True, check=True
    )

    assert int(child.stdout) < megabytes


# Whatever comes


WHOLE = [
    written(Image.effect_noise((24, 24), 90).convert("RGB"), kind)
    for kind in ("PNG", "JPEG", "WEBP", "GIF")
] + [with_exif("JPEG"), with_exif("PNG"), with_exif("WEBP")]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(WHOLE), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255))))
def test_a_damaged_image_is_refused_or_made_good(whole, damage):
    content = bytearray(whole)
    for place, value in damage:
        content[int(place * (len(content) - 1))] = value

    try:
        result = stored(bytes(content))
    except UploadRefused as refused:
        assert refused.detail
    else:
        opened(result).load()


@given(st.binary(max_size=200))
def test_noise_is_refused(content):
    assert refusal(content).code in ("empty", "svg", "not-an-image", "broken")
