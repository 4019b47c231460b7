"""Writes the numbers that ResamplerTest and UpsamplingTest compare with. The pictures and maps are
computed by the formula that the tests use too. Needs NumPy, and Pillow or SciPy.

    python3 golden.py resize > ../resources/io/gradlens/image/pillow-resize.csv
    python3 golden.py zoom > ../resources/io/gradlens/cam/scipy-zoom.csv
"""
import random
import sys
import zlib

import numpy as np


def seeded(count):
    v = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B1)
    v ^= v >> np.uint32(15)
    v *= np.uint32(0x85EBCA77)
    v ^= v >> np.uint32(13)
    return (v & np.uint32(255)).astype(np.int64)


def resize(cases=30, largest=300, seed=1):
    from PIL import Image, __version__

    print(
        "# Pillow %s Image.resize of the seeded picture in ResamplerTest:"
        " filter,channels,width,height,to width,to height,CRC-32" % __version__
    )
    random.seed(seed)
    filters = {"nearest": 0, "box": 4, "bilinear": 2, "bicubic": 3, "lanczos": 1}
    fixed = [
        (500, 375, 224, 224),
        (224, 224, 227, 227),
        (1, 1, 5, 3),
        (7, 5, 1, 1),
        (32, 32, 224, 224),
        (200, 10, 200, 37),
        (33, 200, 5, 200),
        (2, 3, 300, 1),
    ]
    for name, code in filters.items():
        for k in range(cases):
            if k < len(fixed):
                w, h, to_w, to_h = fixed[k]
            else:
                w, h = [int(round(largest ** random.random())) for _ in range(2)]
                to_w, to_h = [random.randint(1, largest // 2) for _ in range(2)]
            c = 3 if k < 2 or random.random() < 0.6 else 1
            samples = np.clip(seeded(w * h * c) * 3 // 2 - 64, 0, 255).astype(np.uint8)
            image = Image.fromarray(samples.reshape((h, w, 3) if c == 3 else (h, w)))
            crc = zlib.crc32(image.resize((to_w, to_h), code).tobytes())
            print(name, c, w, h, to_w, to_h, "%08x" % crc, sep=",")


def zoom():
    import scipy
    from scipy import ndimage

    print(
        "# scipy %s ndimage.zoom(map, (H/h, W/w), order=3) of the seeded map in UpsamplingTest:"
        " h,w,H,W, then the values at output positions 0, 1·n/7, … 7·n/7-1 and their sum"
        % scipy.__version__
    )
    for h, w, to_h, to_w in [
        (7, 7, 224, 224),
        (13, 13, 227, 227),
        (4, 4, 9, 5),
        (3, 5, 3, 11),
        (2, 2, 5, 5),
        (1, 4, 6, 8),
        (1, 1, 3, 3),
        (14, 10, 8, 6),
        (6, 6, 1, 12),
    ]:
        map_ = (seeded(h * w) / 16 - 8).reshape(h, w)
        flat = ndimage.zoom(map_, (to_h / h, to_w / w), order=3).ravel()
        n = len(flat)
        values = ["%.9g" % flat[min(n - 1, k * n // 7)] for k in range(8)]
        print(",".join([str(v) for v in (h, w, to_h, to_w)] + values + ["%.12g" % flat.sum()]))


{"resize": resize, "zoom": zoom}[sys.argv[1]]()
