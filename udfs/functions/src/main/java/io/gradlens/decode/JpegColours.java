package io.gradlens.decode;

import io.gradlens.image.PixelImage;
import java.io.IOException;

/**
 * What the components of a JPEG file mean, and how they become grey or RGB, to the bit as libjpeg
 * and Pillow do it.
 *
 * <p>YCbCr to RGB is libjpeg's 16-bit fixed point (jdcolor.c). Four components are taken for
 * Adobe's inverted CMYK, whether an Adobe marker says so or not, and R = (255−K)·(255−C)/255 and so
 * on (Pillow's {@code cmyk2rgb}), without a colour profile.
 */
enum JpegColours {
  GREY {
    @Override
    PixelImage convert(byte[] samples, int width, int height) {
      return new PixelImage(width, height, 1, samples);
    }
  },
  RGB {
    @Override
    PixelImage convert(byte[] samples, int width, int height) {
      return new PixelImage(width, height, 3, samples);
    }
  },
  YCBCR {
    @Override
    PixelImage convert(byte[] samples, int width, int height) {
      for (int at = 0; at < samples.length; at += 3) {
        toRgb(samples, at);
      }
      return new PixelImage(width, height, 3, samples);
    }
  },
  CMYK {
    @Override
    PixelImage convert(byte[] samples, int width, int height) {
      byte[] rgb = new byte[samples.length / 4 * 3];
      for (int from = 0, to = 0; from < samples.length; from += 4) {
        // As stored: 255−C, 255−M, 255−Y, 255−K.
        int key = samples[from + 3] & 0xff;
        for (int c = 0; c < 3; c++) {
          rgb[to++] = (byte) (key - product(255 - (samples[from + c] & 0xff), key));
        }
      }
      return new PixelImage(width, height, 3, rgb);
    }
  },
  /** CMYK whose first three components are kept as the YCbCr of C, M and Y. */
  YCCK {
    @Override
    PixelImage convert(byte[] samples, int width, int height) {
      for (int at = 0; at < samples.length; at += 4) {
        toRgb(samples, at);
        for (int c = 0; c < 3; c++) {
          samples[at + c] = (byte) ~samples[at + c];
        }
      }
      return CMYK.convert(samples, width, height);
    }
  };

  /** No Adobe marker in the file. */
  static final int NO_ADOBE = -1;

  private static final int[] RED_OF_CR = new int[256];
  private static final int[] BLUE_OF_CB = new int[256];
  private static final int[] GREEN_OF_CR = new int[256];
  private static final int[] GREEN_OF_CB = new int[256];

  static {
    int half = 1 << 15;
    for (int i = 0; i < 256; i++) {
      int x = i - 128;
      RED_OF_CR[i] = fixed(1.40200) * x + half >> 16;
      BLUE_OF_CB[i] = fixed(1.77200) * x + half >> 16;
      GREEN_OF_CR[i] = -fixed(0.71414) * x;
      GREEN_OF_CB[i] = -fixed(0.34414) * x + half;
    }
  }

  /**
   * Grey or RGB of decoded samples.
   *
   * @param samples components interleaved; may be overwritten
   */
  abstract PixelImage convert(byte[] samples, int width, int height);

  /**
   * Decides as libjpeg does (jdapimin.c).
   *
   * @param ids the components' identifiers
   * @param jfif whether there is a JFIF marker
   * @param adobeTransform the Adobe marker's transform, or {@link #NO_ADOBE}
   * @throws IOException if there are not 1, 3 or 4 components
   */
  static JpegColours of(byte[] ids, boolean jfif, int adobeTransform) throws IOException {
    switch (ids.length) {
      case 1:
        return GREY;
      case 3:
        if (jfif) {
          return YCBCR;
        }
        if (adobeTransform != NO_ADOBE) {
          return adobeTransform == 0 ? RGB : YCBCR;
        }
        return ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B' ? RGB : YCBCR;
      case 4:
        return adobeTransform == NO_ADOBE || adobeTransform == 0 ? CMYK : YCCK;
      default:
        throw new IOException(
            "The JPEG file has %d components; 1, 3 or 4 are read".formatted(ids.length));
    }
  }

  private static void toRgb(byte[] samples, int at) {
    int y = samples[at] & 0xff;
    int cb = samples[at + 1] & 0xff;
    int cr = samples[at + 2] & 0xff;
    samples[at] = clipped(y + RED_OF_CR[cr]);
    samples[at + 1] = clipped(y + (GREEN_OF_CB[cb] + GREEN_OF_CR[cr] >> 16));
    samples[at + 2] = clipped(y + BLUE_OF_CB[cb]);
  }

  private static byte clipped(int value) {
    return (byte) (value < 0 ? 0 : Math.min(value, 255));
  }

  /** a·b/255, rounded. */
  private static int product(int a, int b) {
    int t = a * b + 128;
    return (t >> 8) + t >> 8;
  }

  private static int fixed(double factor) {
    return (int) (factor * (1 << 16) + 0.5);
  }
}
