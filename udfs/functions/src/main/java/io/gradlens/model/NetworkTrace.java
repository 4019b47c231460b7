package io.gradlens.model;

import io.gradlens.model.layer.BackwardRule;
import io.gradlens.model.layer.NativeFloats;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.Softmax;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a {@link Session} holds after a pass. Gradients run through the part behind a layer only.
 */
final class NetworkTrace implements Trace {
  private final NetworkModel model;
  private final Session session;
  private final Runnable giveBack;
  private boolean closed;

  NetworkTrace(NetworkModel model, Session session, Runnable giveBack) {
    this.model = model;
    this.session = session;
    this.giveBack = giveBack;
  }

  @Override
  public int size() {
    return session.batch();
  }

  @Override
  public float[][] logits() {
    return model.logits(session);
  }

  @Override
  public float[][] probabilities() {
    HeadActivation head = model.headActivation();
    if (head == HeadActivation.NONE) {
      return null;
    }
    float[][] rows = logits();
    for (float[] row : rows) {
      if (head == HeadActivation.SOFTMAX) {
        Softmax.probabilities(row, 0, row.length);
      } else {
        for (int c = 0; c < row.length; c++) {
          row[c] = (float) (1 / (1 + Math.exp(-row[c])));
        }
      }
    }
    return rows;
  }

  @Override
  public FeatureMaps activation(String layer) {
    return maps(session.output(tap(layer)), 0);
  }

  @Override
  public List<FeatureMaps> vjp(String layer, List<float[][]> cotangents) {
    return gradients(tap(layer), cotangents, BackwardRule.GRADIENT);
  }

  @Override
  public List<FeatureMaps> inputGradient(BackwardRule rule, List<float[][]> cotangents) {
    return gradients(tap(model.layers().get(0).name()), cotangents, rule);
  }

  private int tap(String layer) {
    int node = model.node(layer);
    if (!session.plan().isSaved(node)) {
      throw new IllegalArgumentException(
          "The forward pass was not told to keep layer '" + layer + "'");
    }
    return node;
  }

  private List<FeatureMaps> gradients(int tap, List<float[][]> cotangents, BackwardRule rule) {
    INDArray gradient = backward(tap, seed(cotangents), rule, cotangents.size());
    List<FeatureMaps> maps =
        IntStream.range(0, cotangents.size()).mapToObj(t -> maps(gradient, t)).toList();
    gradient.close();
    return maps;
  }

  /** The cotangents of the logits, stacked along the batch axis. */
  private INDArray seed(List<float[][]> cotangents) {
    INDArray logits = session.output(session.plan().logits());
    int n = session.batch();
    int units = (int) (logits.length() / n);
    float[] seed = new float[cotangents.size() * n * units];
    for (int t = 0; t < cotangents.size(); t++) {
      for (int i = 0; i < n; i++) {
        float[] row = cotangents.get(t)[i];
        if (row.length != model.classes()) {
          throw new IllegalArgumentException(
              "A cotangent has %d values, the model %d classes"
                  .formatted(row.length, model.classes()));
        }
        int at = (t * n + i) * units;
        if (model.headActivation() == HeadActivation.BINARY_SIGMOID) {
          seed[at] = row[1] - row[0];
        } else {
          System.arraycopy(row, 0, seed, at, units);
        }
      }
    }
    long[] shape = logits.shape().clone();
    shape[0] = (long) cotangents.size() * n;
    INDArray stacked = Nd4j.createUninitialized(DataType.FLOAT, shape);
    NativeFloats.write(seed, stacked, 0);
    return stacked;
  }

  /** Takes ownership of the seed and returns the gradient at the tap, a new array. */
  private INDArray backward(int tap, INDArray seed, BackwardRule rule, int targets) {
    Plan plan = session.plan();
    BitSet behind = plan.descendants(tap);
    INDArray[] gradients = new INDArray[plan.logits() + 1];
    gradients[plan.logits()] = seed;
    for (int node = behind.length() - 1; node > tap; node--) {
      if (!behind.get(node) || node > plan.logits() || gradients[node] == null) {
        continue;
      }
      INDArray cotangent = gradients[node];
      gradients[node] = null;
      Op op = plan.op(node);
      int[] inputs = plan.inputs(node);
      boolean passedOn = false;
      for (int i = 0; i < inputs.length; i++) {
        int input = inputs[i];
        if (input != tap && !behind.get(input)) {
          continue;
        }
        INDArray part = op.vjp(i, session.inputs(node), session.output(node), cotangent, rule);
        boolean alias = part.data().address() == cotangent.data().address();
        if (gradients[input] == null) {
          // Two inputs may be handed the same cotangent: only one of them may own it.
          gradients[input] = alias && passedOn ? part.dup('c') : part;
          passedOn |= alias;
        } else {
          gradients[input].addi(part);
          if (!alias) {
            part.close();
          }
        }
      }
      if (!passedOn) {
        cotangent.close();
      }
    }
    INDArray result = gradients[tap];
    if (result == null) {
      long[] shape = session.output(tap).shape().clone();
      shape[0] *= targets;
      return Nd4j.zeros(DataType.FLOAT, shape);
    }
    return result;
  }

  private FeatureMaps maps(INDArray stack, int t) {
    int n = session.batch();
    int height = (int) stack.size(1);
    int width = (int) stack.size(2);
    int channels = (int) stack.size(3);
    float[][] values = new float[n][];
    float[] image = new float[height * width * channels];
    for (int i = 0; i < n; i++) {
      NativeFloats.read(stack, ((long) t * n + i) * image.length, image);
      values[i] = ChannelOrder.toFirst(image, channels);
    }
    return new FeatureMaps(channels, height, width, values);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      giveBack.run();
    }
  }
}
