package io.gradlens.model;

import io.gradlens.model.layer.BackwardRule;
import io.gradlens.model.layer.Op;
import io.gradlens.odeblock.ImageSolve;
import io.gradlens.odeblock.OdeBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * An ODE block, z(1) from z(0). Every image is solved by itself: with adaptive steps the output is
 * the trained layer's for a batch of that image alone.
 *
 * <p>Inside the block gradients pass ReLUs as they are, whatever the rule. A solve that does not
 * get to its end makes NaN of its image, as an overflow does elsewhere, and nothing of its
 * neighbours.
 */
final class OdeBlockOp implements Op {
  private final OdeBlock block;
  private final Map<String, INDArray> parameters;

  /** As many as calls have run at one time. */
  private final Deque<ImageSolve> solves = new ConcurrentLinkedDeque<>();

  /**
   * @param parameters by DL4J's names, in DL4J's order
   */
  OdeBlockOp(OdeBlock block, Map<String, INDArray> parameters) {
    this.block = block;
    this.parameters = parameters;
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    int[] shape = inputs.get(0);
    if (shape.length != 3 || shape[2] != block.getNIn()) {
      throw new IllegalArgumentException(
          "An ODE block of %d channels cannot take %s"
              .formatted(block.getNIn(), Arrays.toString(shape)));
    }
    return shape.clone();
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    ImageSolve solve = solve(inputs[0]);
    for (long i = 0; i < output.size(0); i++) {
      INDArray image = image(inputs[0], i);
      INDArray result = image(output, i);
      attempt(result, () -> solve.forward(image, result));
    }
    solves.push(solve);
  }

  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    INDArray gradient = Nd4j.createUninitialized(cotangent.dataType(), cotangent.shape());
    ImageSolve solve = solve(inputs[0]);
    long images = inputs[0].size(0);
    for (long i = 0; i < cotangent.size(0); i++) {
      INDArray image = image(inputs[0], i % images);
      INDArray part = image(gradient, i);
      INDArray seed = image(cotangent, i);
      attempt(part, () -> solve.vjp(image, seed, part));
    }
    solves.push(solve);
    return gradient;
  }

  private static void attempt(INDArray result, Runnable computation) {
    try {
      computation.run();
    } catch (ArithmeticException e) {
      result.assign(Double.NaN);
    }
  }

  private ImageSolve solve(INDArray x) {
    ImageSolve free = solves.poll();
    if (free != null && free.fits(x.size(1), x.size(2))) {
      return free;
    }
    if (free != null) {
      free.close();
    }
    return new ImageSolve(block, parameters, (int) x.size(1), (int) x.size(2));
  }

  private static INDArray image(INDArray batch, long i) {
    return batch.get(NDArrayIndex.interval(i, i + 1));
  }

  @Override
  public long trainable() {
    return parameters.values().stream().mapToLong(INDArray::length).sum();
  }

  @Override
  public List<INDArray> weights() {
    return new ArrayList<>(parameters.values());
  }

  @Override
  public Op withWeights(List<INDArray> weights) {
    Map<String, INDArray> changed = new LinkedHashMap<>();
    int i = 0;
    for (String name : parameters.keySet()) {
      changed.put(name, weights.get(i++));
    }
    return new OdeBlockOp(block, changed);
  }
}
