package io.gradlens.cam;

import java.util.HexFormat;
import java.util.Locale;

/**
 * Colours for values from 0 to 1, in 256 steps.
 *
 * <p>Jet is computed: red, green and blue are clamp(1.5 − |4v − c|) with c = 3, 2, 1. The others
 * are published tables of 256 colours, of which every fifth is kept here and the ones between are
 * interpolated, at most one level off.
 *
 * <p>Sources: jet, as MATLAB and OpenCV draw it. Turbo: Mikhailov 2019 (Google, Apache-2.0).
 * Viridis and inferno: Smith and van der Walt 2015 (CC0).
 */
public enum Colormap {
  JET(jet()),
  TURBO(
      "30123b36215f3b2f803f3e9c424bb54559cb4666dd4773eb4680f6458cfd4099ff38a5fb"
          + "2fb2f427bee91fc9dd1ad4d018ddc21ae4b622ebaa2ff19b3ff68a52fa7a65fd6979fe59"
          + "8bff4b9cfe40a9fb39b7f735c3f134d0ea34dbe236e5d938eecf3af5c53afaba39fdae35"
          + "fea130fe932afc8423f9751df46617ef5811e84b0ce14109d83706ce2d04c32503b71d02"
          + "a916019b0f018b09027a0403"),
  VIRIDIS(
      "44015446085c471063481769481d6f482475472a7a46307e453781433d844142873f4889"
          + "3d4e8a3a538b38598c355e8d33638d31688e2e6d8e2c718e2a768e297b8e27808e25848e"
          + "23898e218e8d20928c1f978b1e9c891fa18821a58524aa8328ae802eb37c35b7793dbc74"
          + "46c06f50c46a5ac86465cb5e70cf577cd25089d54895d840a2da37b0dd2fbddf26cae11f"
          + "d8e219e5e419f1e51dfde725"),
  INFERNO(
      "00000402020c0504170a072210092d160b391e0c45260c512f0a5b380962400a67490b6a"
          + "510e6c59106e61136e69166e71196e781c6d801f6c88226a902568982766a02a63a82e5f"
          + "b0315bb73557bf3952c63d4dcc4248d34743d94d3ddf5337e45a31e9612bed6925f1711f"
          + "f47918f78212f98b0bfa9407fb9d07fca60cfcb014fbba1ffac42af8cd37f6d746f4e156"
          + "f2ea69f2f27df5f992fcffa4");

  private static final int SIZE = 256;

  /** One 0xRRGGBB a step. */
  private final int[] colours;

  Colormap(int[] colours) {
    this.colours = colours;
  }

  Colormap(String everyFifth) {
    this(interpolated(HexFormat.of().parseHex(everyFifth)));
  }

  /** The name on the command line: {@code jet}, {@code turbo}, {@code viridis}, {@code inferno}. */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Looks a colormap up by its {@link #optionName}.
   *
   * @throws IllegalArgumentException for another name
   */
  public static Colormap named(String name) {
    for (Colormap colormap : values()) {
      if (colormap.optionName().equals(name)) {
        return colormap;
      }
    }
    throw new IllegalArgumentException(
        "Colormap '%s' is not known; choose jet, turbo, viridis or inferno.".formatted(name));
  }

  /**
   * The colour of a value.
   *
   * @param value from 0 to 1; what lies outside is clamped, NaN counts as 0
   * @return 0xRRGGBB
   */
  public int rgb(double value) {
    return colours[(int) Math.min(Math.max(value * (SIZE - 1) + 0.5, 0), SIZE - 1)];
  }

  private static int[] jet() {
    int[] colours = new int[256];
    for (int i = 0; i < colours.length; i++) {
      double v = 4 * i / 255.0;
      colours[i] =
          level(1.5 - Math.abs(v - 3)) << 16
              | level(1.5 - Math.abs(v - 2)) << 8
              | level(1.5 - Math.abs(v - 1));
    }
    return colours;
  }

  private static int level(double share) {
    return (int) Math.round(255 * Math.min(Math.max(share, 0), 1));
  }

  private static int[] interpolated(byte[] knots) {
    int[] colours = new int[256];
    for (int i = 0; i < colours.length; i++) {
      int left = i / 5;
      int right = Math.min(left + 1, knots.length / 3 - 1);
      for (int channel = 0; channel < 3; channel++) {
        int a = knots[left * 3 + channel] & 0xff;
        int b = knots[right * 3 + channel] & 0xff;
        colours[i] = colours[i] << 8 | Math.round(a + (b - a) * (i % 5) / 5f);
      }
    }
    return colours;
  }
}
