package io.gradlens.model.keras;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Configurations of keras.applications, written from the published structure of the networks, with
 * the names that Keras gives their layers.
 */
final class KerasApplications {
  private final KerasConfiguration net;

  private KerasApplications(int generation) {
    net = new KerasConfiguration(generation);
  }

  /**
   * @param name of the function in keras.applications
   * @param generation of Keras that writes the configuration, 2 or 3
   */
  static JsonNode of(String name, int generation) {
    KerasApplications app = new KerasApplications(generation);
    switch (name) {
      case "VGG16" -> app.vgg(2, 2, 3, 3, 3);
      case "VGG19" -> app.vgg(2, 2, 4, 4, 4);
      case "ResNet50" -> app.resNet50();
      case "MobileNetV2" -> app.mobileNetV2();
      case "DenseNet121" -> app.denseNet121();
      case "Xception" -> new KerasInceptions(app.net).xception();
      case "InceptionV3" -> new KerasInceptions(app.net).inceptionV3();
      case "EfficientNetB0" -> new KerasEfficientNet(app.net).b0();
      default -> throw new IllegalArgumentException(name);
    }
    return app.net.build(name.toLowerCase(java.util.Locale.ROOT));
  }

  private void vgg(int... convolutions) {
    String x = net.input(224, 224, 3);
    int[] filters = {64, 128, 256, 512, 512};
    for (int block = 0; block < convolutions.length; block++) {
      String prefix = "block" + (block + 1);
      for (int i = 1; i <= convolutions[block]; i++) {
        String settings =
            "'filters':%d,'kernel_size':[3,3],'strides':[1,1],'padding':'same','activation':'relu'";
        x = net.add("Conv2D", prefix + "_conv" + i, settings.formatted(filters[block]), x);
      }
      x = net.add("MaxPooling2D", prefix + "_pool", "'pool_size':[2,2],'strides':[2,2]", x);
    }
    x = net.add("Flatten", "flatten", "'data_format':'channels_last'", x);
    x = net.add("Dense", "fc1", "'units':4096,'activation':'relu'", x);
    x = net.add("Dense", "fc2", "'units':4096,'activation':'relu'", x);
    net.add("Dense", "predictions", "'units':1000,'activation':'softmax'", x);
  }

  private void resNet50() {
    String x = net.input(224, 224, 3);
    x = net.add("ZeroPadding2D", "conv1_pad", "'padding':[[3,3],[3,3]]", x);
    x = conv("conv1_conv", 64, 7, 2, "valid", true, x);
    x = batchNorm("conv1_bn", 1.001e-5, x);
    x = relu("conv1_relu", x);
    x = net.add("ZeroPadding2D", "pool1_pad", "'padding':[[1,1],[1,1]]", x);
    x = net.add("MaxPooling2D", "pool1_pool", "'pool_size':[3,3],'strides':[2,2]", x);
    int[] blocks = {3, 4, 6, 3};
    for (int stage = 0; stage < blocks.length; stage++) {
      for (int block = 1; block <= blocks[stage]; block++) {
        String name = "conv%d_block%d".formatted(stage + 2, block);
        int stride = stage > 0 && block == 1 ? 2 : 1;
        x = residual(name, 64 << stage, stride, block == 1, x);
      }
    }
    classifier(x);
  }

  private String residual(String name, int filters, int stride, boolean project, String input) {
    String shortcut = input;
    if (project) {
      shortcut = conv(name + "_0_conv", 4 * filters, 1, stride, "valid", true, input);
      shortcut = batchNorm(name + "_0_bn", 1.001e-5, shortcut);
    }
    String x = conv(name + "_1_conv", filters, 1, stride, "valid", true, input);
    x = relu(name + "_1_relu", batchNorm(name + "_1_bn", 1.001e-5, x));
    x = conv(name + "_2_conv", filters, 3, 1, "same", true, x);
    x = relu(name + "_2_relu", batchNorm(name + "_2_bn", 1.001e-5, x));
    x = conv(name + "_3_conv", 4 * filters, 1, 1, "valid", true, x);
    x = batchNorm(name + "_3_bn", 1.001e-5, x);
    x = net.add("Add", name + "_add", "", shortcut, x);
    return relu(name + "_out", x);
  }

  private void mobileNetV2() {
    String x = net.input(224, 224, 3);
    x = conv("Conv1", 32, 3, 2, "same", false, x);
    x = relu6("Conv1_relu", batchNorm("bn_Conv1", 1e-3, x));
    int[][] stages = {
      {16, 1, 1, 1},
      {24, 2, 2, 6},
      {32, 3, 2, 6},
      {64, 4, 2, 6},
      {96, 3, 1, 6},
      {160, 3, 2, 6},
      {320, 1, 1, 6}
    };
    int channels = 32;
    int number = 0;
    for (int[] stage : stages) {
      for (int i = 0; i < stage[1]; i++) {
        int stride = i == 0 ? stage[2] : 1;
        x = inverted(number++, channels, stage[0], stride, stage[3], x);
        channels = stage[0];
      }
    }
    x = conv("Conv_1", 1280, 1, 1, "valid", false, x);
    x = relu6("out_relu", batchNorm("Conv_1_bn", 1e-3, x));
    x = net.add("GlobalAveragePooling2D", "global_average_pooling2d", "", x);
    net.add("Dense", "predictions", "'units':1000,'activation':'softmax'", x);
  }

  private String inverted(int id, int in, int out, int stride, int expansion, String input) {
    String prefix = id == 0 ? "expanded_conv_" : "block_" + id + "_";
    String x = input;
    if (id > 0) {
      x = conv(prefix + "expand", in * expansion, 1, 1, "same", false, x);
      x = relu6(prefix + "expand_relu", batchNorm(prefix + "expand_BN", 1e-3, x));
    }
    if (stride == 2) {
      x = net.add("ZeroPadding2D", prefix + "pad", "'padding':[[0,1],[0,1]]", x);
    }
    String depthwise = "'kernel_size':[3,3],'strides':[%d,%d],'padding':'%s','use_bias':false";
    String padding = stride == 2 ? "valid" : "same";
    x =
        net.add(
            "DepthwiseConv2D",
            prefix + "depthwise",
            depthwise.formatted(stride, stride, padding),
            x);
    x = relu6(prefix + "depthwise_relu", batchNorm(prefix + "depthwise_BN", 1e-3, x));
    x = conv(prefix + "project", out, 1, 1, "same", false, x);
    x = batchNorm(prefix + "project_BN", 1e-3, x);
    return in == out && stride == 1 ? net.add("Add", prefix + "add", "", input, x) : x;
  }

  private void denseNet121() {
    boolean old = net.generation() == 2;
    String x = net.input(224, 224, 3);
    x = net.unnamed("ZeroPadding2D", "'padding':[[3,3],[3,3]]", x);
    x = conv(old ? "conv1/conv" : "conv1_conv", 64, 7, 2, "valid", false, x);
    x = batchNorm(old ? "conv1/bn" : "conv1_bn", 1.001e-5, x);
    x = relu(old ? "conv1/relu" : "conv1_relu", x);
    x = net.unnamed("ZeroPadding2D", "'padding':[[1,1],[1,1]]", x);
    x = net.add("MaxPooling2D", "pool1", "'pool_size':[3,3],'strides':[2,2]", x);
    int[] blocks = {6, 12, 24, 16};
    int channels = 64;
    for (int stage = 0; stage < blocks.length; stage++) {
      for (int block = 1; block <= blocks[stage]; block++) {
        x = denseBlock("conv%d_block%d".formatted(stage + 2, block), x);
      }
      channels += 32 * blocks[stage];
      if (stage < blocks.length - 1) {
        String prefix = "pool" + (stage + 2);
        channels /= 2;
        x = relu(prefix + "_relu", batchNorm(prefix + "_bn", 1.001e-5, x));
        x = conv(prefix + "_conv", channels, 1, 1, "valid", false, x);
        x = net.add("AveragePooling2D", prefix + "_pool", "'pool_size':[2,2],'strides':[2,2]", x);
      }
    }
    x = relu("relu", batchNorm("bn", 1.001e-5, x));
    classifier(x);
  }

  private String denseBlock(String name, String input) {
    String x = relu(name + "_0_relu", batchNorm(name + "_0_bn", 1.001e-5, input));
    x = conv(name + "_1_conv", 128, 1, 1, "valid", false, x);
    x = relu(name + "_1_relu", batchNorm(name + "_1_bn", 1.001e-5, x));
    x = conv(name + "_2_conv", 32, 3, 1, "same", false, x);
    return net.add("Concatenate", name + "_concat", "'axis':" + axis(), input, x);
  }

  private void classifier(String x) {
    String pooled = net.add("GlobalAveragePooling2D", "avg_pool", "", x);
    net.add("Dense", "predictions", "'units':1000,'activation':'softmax'", pooled);
  }

  private String conv(
      String name, int filters, int size, int stride, String padding, boolean bias, String input) {
    String settings =
        "'filters':%d,'kernel_size':[%d,%d],'strides':[%d,%d],'padding':'%s','use_bias':%s,"
            + "'activation':'linear','data_format':'channels_last','dilation_rate':[1,1]";
    return net.add(
        "Conv2D",
        name,
        settings.formatted(filters, size, size, stride, stride, padding, bias),
        input);
  }

  private String batchNorm(String name, double epsilon, String input) {
    String axis = net.generation() == 2 ? "[3]" : "3";
    return net.add(
        "BatchNormalization",
        name,
        "'axis':%s,'epsilon':%s,'center':true,'scale':true".formatted(axis, epsilon),
        input);
  }

  private int axis() {
    return net.generation() == 2 ? 3 : -1;
  }

  private String relu(String name, String input) {
    return net.add("Activation", name, "'activation':'relu'", input);
  }

  private String relu6(String name, String input) {
    return net.add("ReLU", name, "'max_value':6.0,'negative_slope':0.0,'threshold':0.0", input);
  }
}
