package io.gradlens.model.keras;

/** EfficientNet B0 as keras.applications builds it, preprocessing included. */
final class KerasEfficientNet {
  private final KerasConfiguration net;

  KerasEfficientNet(KerasConfiguration net) {
    this.net = net;
  }

  void b0() {
    String x = net.input(224, 224, 3);
    x = net.unnamed("Rescaling", "'scale':0.00392156862745098,'offset':0.0", x);
    x = net.unnamed("Normalization", "'axis':[3],'mean':null,'variance':null", x);
    String scale = "'scale':[2.0896918976428645,2.1128856368212916,2.1081851067789197]";
    x = net.unnamed("Rescaling", scale + ",'offset':0.0", x);
    x = net.add("ZeroPadding2D", "stem_conv_pad", "'padding':[[0,1],[0,1]]", x);
    x = conv("stem_conv", 32, 3, 2, "valid", x);
    x = swish("stem_activation", batchNorm("stem_bn", x));
    int[][] stages = {
      {3, 1, 16, 1, 1},
      {3, 2, 24, 6, 2},
      {5, 2, 40, 6, 2},
      {3, 3, 80, 6, 2},
      {5, 3, 112, 6, 1},
      {5, 4, 192, 6, 2},
      {3, 1, 320, 6, 1}
    };
    int channels = 32;
    for (int stage = 0; stage < stages.length; stage++) {
      int[] s = stages[stage];
      for (int i = 0; i < s[1]; i++) {
        String name = "block" + (stage + 1) + (char) ('a' + i) + "_";
        x = block(name, s[0], channels, s[2], s[3], i == 0 ? s[4] : 1, x);
        channels = s[2];
      }
    }
    x = swish("top_activation", batchNorm("top_bn", conv("top_conv", 1280, 1, 1, "same", x)));
    x = net.add("GlobalAveragePooling2D", "avg_pool", "'keepdims':false", x);
    x = net.add("Dropout", "top_dropout", "'rate':0.2", x);
    net.add("Dense", "predictions", "'units':1000,'activation':'softmax'", x);
  }

  private String block(
      String name, int size, int in, int out, int expansion, int stride, String input) {
    int filters = in * expansion;
    String x = input;
    if (expansion > 1) {
      x = conv(name + "expand_conv", filters, 1, 1, "same", x);
      x = swish(name + "expand_activation", batchNorm(name + "expand_bn", x));
    }
    if (stride == 2) {
      int before = size / 2 - 1;
      String pad = "'padding':[[%d,%d],[%d,%d]]";
      pad = pad.formatted(before, size / 2, before, size / 2);
      x = net.add("ZeroPadding2D", name + "dwconv_pad", pad, x);
    }
    String settings =
        "'kernel_size':[%d,%d],'strides':[%d,%d],'padding':'%s','use_bias':false"
            .formatted(size, size, stride, stride, stride == 2 ? "valid" : "same");
    x = net.add("DepthwiseConv2D", name + "dwconv", settings, x);
    x = swish(name + "activation", batchNorm(name + "bn", x));
    x = squeezeAndExcite(name + "se_", filters, Math.max(1, in / 4), x);
    x = batchNorm(name + "project_bn", conv(name + "project_conv", out, 1, 1, "same", x));
    if (stride > 1 || in != out) {
      return x;
    }
    String dropped = net.add("Dropout", name + "drop", "'noise_shape':[null,1,1,1]", x);
    return net.add("Add", name + "add", "", dropped, input);
  }

  private String squeezeAndExcite(String name, int filters, int reduced, String input) {
    String x = net.add("GlobalAveragePooling2D", name + "squeeze", "", input);
    x = net.add("Reshape", name + "reshape", "'target_shape':[1,1,%d]".formatted(filters), x);
    String settings = "'filters':%d,'kernel_size':[1,1],'padding':'same','activation':%s";
    String silu =
        net.generation() == 2
            ? "'swish'"
            : "{'module':'builtins','class_name':'function','config':'silu'}";
    x = net.add("Conv2D", name + "reduce", settings.formatted(reduced, silu), x);
    x = net.add("Conv2D", name + "expand", settings.formatted(filters, "'sigmoid'"), x);
    return net.add("Multiply", name + "excite", "", input, x);
  }

  private String conv(String name, int filters, int size, int stride, String padding, String x) {
    String settings =
        "'filters':%d,'kernel_size':[%d,%d],'strides':[%d,%d],'padding':'%s','use_bias':false";
    return net.add(
        "Conv2D", name, settings.formatted(filters, size, size, stride, stride, padding), x);
  }

  private String batchNorm(String name, String x) {
    return net.add("BatchNormalization", name, "'axis':3", x);
  }

  private String swish(String name, String x) {
    return net.add("Activation", name, "'activation':'swish'", x);
  }
}
