package io.gradlens.model.keras;

import io.jhdf.api.WritableGroup;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** A small classifier of ten classes as Keras 2 writes it, with seeded weights. */
public final class TinyKeras {
  private static final String CONFIG =
      """
      {'class_name':'Sequential','config':{'name':'tiny','layers':[
        {'class_name':'InputLayer','config':{'name':'image','batch_input_shape':[null,16,16,3]}},
        {'class_name':'Rescaling','config':{'name':'rescaling','scale':2.0,'offset':-1.0}},
        {'class_name':'Conv2D','config':{'name':'conv1','filters':8,'kernel_size':[3,3],
          'padding':'same','use_bias':false}},
        {'class_name':'BatchNormalization','config':{'name':'bn1','axis':[3],'momentum':0.9}},
        {'class_name':'ReLU','config':{'name':'relu1'}},
        {'class_name':'MaxPooling2D','config':{'name':'pool1'}},
        {'class_name':'Conv2D','config':{'name':'conv2','filters':12,'kernel_size':[3,3],
          'strides':[2,2],'padding':'same','activation':'relu'}},
        {'class_name':'Flatten','config':{'name':'flatten'}},
        {'class_name':'Dense','config':{'name':'features','units':16,'activation':'tanh'}},
        {'class_name':'Dropout','config':{'name':'dropout','rate':0.2}},
        {'class_name':'Dense','config':{'name':'classes','units':10,'activation':'softmax'}}]}}
      """;

  private final Random random = new Random(5);

  private TinyKeras() {}

  /** Writes it in HDF5. */
  public static Path write(Path file) {
    TinyKeras weights = new TinyKeras();
    return KerasH5File.model(file, "2.11.0", CONFIG, weights::put);
  }

  private void put(WritableGroup group) {
    KerasH5File.layer(group, "conv1", "kernel:0", kernel(3, 3, 8));
    KerasH5File.layer(
        group,
        "bn1",
        "gamma:0",
        positive(8),
        "beta:0",
        vector(8),
        "moving_mean:0",
        vector(8),
        "moving_variance:0",
        positive(8));
    KerasH5File.layer(group, "conv2", "kernel:0", kernel(3, 8, 12), "bias:0", vector(12));
    KerasH5File.layer(group, "features", "kernel:0", matrix(4 * 4 * 12, 16), "bias:0", vector(16));
    KerasH5File.layer(group, "classes", "kernel:0", matrix(16, 10), "bias:0", vector(10));
  }

  private float[][][][] kernel(int size, int in, int out) {
    float[][][][] kernel = new float[size][size][in][];
    for (float[][][] row : kernel) {
      for (float[][] place : row) {
        Arrays.setAll(place, i -> scaled(out, Math.sqrt(2.0 / (size * size * in))));
      }
    }
    return kernel;
  }

  private float[][] matrix(int in, int out) {
    float[][] matrix = new float[in][];
    Arrays.setAll(matrix, i -> scaled(out, Math.sqrt(1.0 / in)));
    return matrix;
  }

  private float[] vector(int length) {
    return scaled(length, 0.1);
  }

  private float[] positive(int length) {
    float[] values = scaled(length, 0.2);
    for (int i = 0; i < length; i++) {
      values[i] = 1 + Math.abs(values[i]);
    }
    return values;
  }

  private float[] scaled(int length, double deviation) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }
}
