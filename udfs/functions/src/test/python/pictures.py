"""Writes the small pictures that ImageDecoderTest reads, and pictures.csv with the CRC-32 of their
pixels after Pillow's convert("RGB") (16-bit grey: v >> 8). Drawn by formula; needs Pillow and NumPy.

    python3 pictures.py ../resources/io/gradlens/decode/pictures
"""
import os
import struct
import sys
import zlib

import numpy as np
from PIL import Image, __version__

folder = sys.argv[1]
W, H = 21, 13
y, x = np.mgrid[0:H, 0:W]
waves = np.stack(
    [127 + 90 * np.sin(x / (2 + k) + k) + 60 * np.cos(y / (2 + k)) for k in range(4)], -1
)
noise = (x * 37 + y * 91) % 23 - 11
rgba = np.clip(waves + noise[..., None], 0, 255).astype(np.uint8)
deep = rgba.astype(np.uint16) * 251 + 77
image = Image.fromarray(rgba[..., :3].copy())
alpha = Image.fromarray(rgba)
palette = image.quantize(13)


def save(name, picture, **options):
    picture.save(os.path.join(folder, name), **options)


def png(name, colour_type, bits, samples):
    """PNG by hand, for what Pillow does not write."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + row.tobytes() for row in np.ascontiguousarray(samples))
    header = struct.pack(">IIBBBBB", W, H, bits, colour_type, 0, 0, 0)
    with open(os.path.join(folder, name), "wb") as out:
        out.write(
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b"")
        )


def patched(name, source, old, new):
    with open(os.path.join(folder, source), "rb") as file:
        data = file.read()
    assert data.count(old) == 1
    with open(os.path.join(folder, name), "wb") as out:
        out.write(data.replace(old, new))


for subsampling in (0, 1, 2):
    save("subsampling%d.jpg" % subsampling, image, subsampling=subsampling)
save("progressive.jpg", image, progressive=True)
save("grey.jpg", image.convert("L"))
save("cmyk.jpg", image.convert("CMYK"))
adobe = b"Adobe\0\x64\0\0\0\0"
patched("ycck.jpg", "cmyk.jpg", adobe + b"\0", adobe + b"\2")
jfif = b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
patched("rgb.jpg", "subsampling0.jpg", jfif, b"\xff\xee\0\x0e" + adobe + b"\0")
patched("no-marker.jpg", "subsampling0.jpg", jfif, b"")
save("rgb.png", image)
save("grey.png", image.convert("L"))
save("bilevel.png", image.convert("1"))
save("palette.png", palette, bits=4)
save("palette-transparent.png", palette, transparency=3)
save("alpha.png", alpha)
save("grey-alpha.png", Image.fromarray(rgba[..., :2].copy(), "LA"))
png("rgb16.png", 2, 16, deep[..., :3].astype(">u2"))
png("grey16.png", 0, 16, deep[..., 0].astype(">u2"))
save("palette.gif", palette)
save("transparent.gif", palette, transparency=2)
save("frames.gif", palette, save_all=True, append_images=[palette.rotate(180)])
save("rgb.bmp", image)
save("palette.bmp", image.convert("P"))
save("lzw.tiff", image, compression="tiff_lzw")
save("cmyk.tiff", image.convert("CMYK"))
save("white-is-zero.tiff", image.convert("L"), tiffinfo={262: 0})
Image.fromarray(deep[..., 0]).save(os.path.join(folder, "grey16.tiff"))
save("lossless.webp", image, lossless=True)
save("lossless-alpha.webp", alpha, lossless=True, exact=True)

lines = ["# Pillow %s, written by pictures.py: file,width,height,CRC-32 of RGB" % __version__]
for name in sorted(os.listdir(folder)):
    if name.endswith(".csv"):
        continue
    picture = Image.open(os.path.join(folder, name))
    if picture.mode.startswith("I"):
        grey = (np.asarray(picture).astype(np.int64) >> 8).astype(np.uint8)
        pixels = np.repeat(grey[..., None], 3, -1).tobytes()
    else:
        pixels = picture.convert("RGB").tobytes()
    lines.append("%s,%d,%d,%08x" % (name, *picture.size, zlib.crc32(pixels)))
with open(os.path.join(folder, "pictures.csv"), "w") as out:
    out.write("\n".join(lines) + "\n")
