package io.gradlens.model.keras;

/** Xception and Inception v3 as keras.applications builds them. */
final class KerasInceptions {
  private final KerasConfiguration net;

  KerasInceptions(KerasConfiguration net) {
    this.net = net;
  }

  void xception() {
    String x = net.input(299, 299, 3);
    x = stem("block1_conv1", 32, 2, x);
    x = stem("block1_conv2", 64, 1, x);
    x = entry(2, 128, false, x);
    x = entry(3, 256, true, x);
    x = entry(4, 728, true, x);
    for (int block = 5; block <= 12; block++) {
      String inner = x;
      for (int i = 1; i <= 3; i++) {
        String name = "block%d_sepconv%d".formatted(block, i);
        inner = relu(name + "_act", inner);
        inner = separable(name, 728, inner);
      }
      x = net.unnamed("Add", "", inner, x);
    }
    String residual = shortcut(1024, x);
    String y = separable("block13_sepconv1", 728, relu("block13_sepconv1_act", x));
    y = separable("block13_sepconv2", 1024, relu("block13_sepconv2_act", y));
    x = net.unnamed("Add", "", pool("block13_pool", y), residual);
    x = relu("block14_sepconv1_act", separable("block14_sepconv1", 1536, x));
    x = relu("block14_sepconv2_act", separable("block14_sepconv2", 2048, x));
    x = net.add("GlobalAveragePooling2D", "avg_pool", "", x);
    net.add("Dense", "predictions", "'units':1000,'activation':'softmax'", x);
  }

  private String stem(String name, int filters, int stride, String input) {
    String settings =
        "'filters':%d,'kernel_size':[3,3],'strides':[%d,%d],'padding':'valid','use_bias':false";
    String x = net.add("Conv2D", name, settings.formatted(filters, stride, stride), input);
    return relu(name + "_act", net.add("BatchNormalization", name + "_bn", "'axis':-1", x));
  }

  private String entry(int block, int filters, boolean activated, String input) {
    String name = "block" + block;
    String residual = shortcut(filters, input);
    String x = activated ? relu(name + "_sepconv1_act", input) : input;
    x = separable(name + "_sepconv1", filters, x);
    x = separable(name + "_sepconv2", filters, relu(name + "_sepconv2_act", x));
    return net.unnamed("Add", "", pool(name + "_pool", x), residual);
  }

  private String shortcut(int filters, String input) {
    String settings =
        "'filters':%d,'kernel_size':[1,1],'strides':[2,2],'padding':'same','use_bias':false";
    String x = net.unnamed("Conv2D", settings.formatted(filters), input);
    return net.unnamed("BatchNormalization", "'axis':-1", x);
  }

  private String separable(String name, int filters, String input) {
    String settings = "'filters':%d,'kernel_size':[3,3],'padding':'same','use_bias':false";
    String x = net.add("SeparableConv2D", name, settings.formatted(filters), input);
    return net.add("BatchNormalization", name + "_bn", "'axis':-1", x);
  }

  private String pool(String name, String input) {
    return net.add(
        "MaxPooling2D", name, "'pool_size':[3,3],'strides':[2,2],'padding':'same'", input);
  }

  private String relu(String name, String input) {
    return net.add("Activation", name, "'activation':'relu'", input);
  }

  void inceptionV3() {
    String x = net.input(299, 299, 3);
    x = conv(32, 3, 3, 2, "valid", x);
    x = conv(32, 3, 3, 1, "valid", x);
    x = conv(64, 3, 3, 1, "same", x);
    x = shrink(x);
    x = conv(80, 1, 1, 1, "valid", x);
    x = conv(192, 3, 3, 1, "valid", x);
    x = shrink(x);
    x = inceptionA("mixed0", 32, x);
    x = inceptionA("mixed1", 64, x);
    x = inceptionA("mixed2", 64, x);
    String narrow = conv(384, 3, 3, 2, "valid", x);
    String twice = conv(96, 3, 3, 1, "same", conv(64, 1, 1, 1, "same", x));
    twice = conv(96, 3, 3, 2, "valid", twice);
    x = join("mixed3", narrow, twice, shrink(x));
    x = inceptionB("mixed4", 128, x);
    x = inceptionB("mixed5", 160, x);
    x = inceptionB("mixed6", 160, x);
    x = inceptionB("mixed7", 192, x);
    String three = conv(320, 3, 3, 2, "valid", conv(192, 1, 1, 1, "same", x));
    String seven = conv(192, 1, 7, 1, "same", conv(192, 1, 1, 1, "same", x));
    seven = conv(192, 3, 3, 2, "valid", conv(192, 7, 1, 1, "same", seven));
    x = join("mixed8", three, seven, shrink(x));
    x = inceptionC("mixed9", 0, x);
    x = inceptionC("mixed10", 1, x);
    x = net.add("GlobalAveragePooling2D", "avg_pool", "", x);
    net.add("Dense", "predictions", "'units':1000,'activation':'softmax'", x);
  }

  private String inceptionA(String name, int pooled, String x) {
    String one = conv(64, 1, 1, 1, "same", x);
    String five = conv(64, 5, 5, 1, "same", conv(48, 1, 1, 1, "same", x));
    String three = conv(96, 3, 3, 1, "same", conv(64, 1, 1, 1, "same", x));
    three = conv(96, 3, 3, 1, "same", three);
    return join(name, one, five, three, conv(pooled, 1, 1, 1, "same", average(x)));
  }

  private String inceptionB(String name, int width, String x) {
    String one = conv(192, 1, 1, 1, "same", x);
    String seven = conv(width, 1, 7, 1, "same", conv(width, 1, 1, 1, "same", x));
    seven = conv(192, 7, 1, 1, "same", seven);
    String twice = conv(width, 7, 1, 1, "same", conv(width, 1, 1, 1, "same", x));
    twice = conv(width, 7, 1, 1, "same", conv(width, 1, 7, 1, "same", twice));
    twice = conv(192, 1, 7, 1, "same", twice);
    return join(name, one, seven, twice, conv(192, 1, 1, 1, "same", average(x)));
  }

  private String inceptionC(String name, int number, String x) {
    String one = conv(320, 1, 1, 1, "same", x);
    String three = conv(384, 1, 1, 1, "same", x);
    String wide = conv(384, 1, 3, 1, "same", three);
    three = join("mixed9_" + number, wide, conv(384, 3, 1, 1, "same", three));
    String twice = conv(384, 3, 3, 1, "same", conv(448, 1, 1, 1, "same", x));
    wide = conv(384, 1, 3, 1, "same", twice);
    twice = net.unnamed("Concatenate", "'axis':3", wide, conv(384, 3, 1, 1, "same", twice));
    return join(name, one, three, twice, conv(192, 1, 1, 1, "same", average(x)));
  }

  private String conv(int filters, int rows, int columns, int stride, String padding, String x) {
    String settings =
        "'filters':%d,'kernel_size':[%d,%d],'strides':[%d,%d],'padding':'%s','use_bias':false";
    String y =
        net.unnamed(
            "Conv2D", settings.formatted(filters, rows, columns, stride, stride, padding), x);
    y = net.unnamed("BatchNormalization", "'axis':3,'scale':false", y);
    return net.unnamed("Activation", "'activation':'relu'", y);
  }

  private String shrink(String x) {
    return net.unnamed("MaxPooling2D", "'pool_size':[3,3],'strides':[2,2]", x);
  }

  private String average(String x) {
    return net.unnamed("AveragePooling2D", "'pool_size':[3,3],'strides':[1,1],'padding':'same'", x);
  }

  private String join(String name, String... inputs) {
    return net.add("Concatenate", name, "'axis':3", inputs);
  }
}
