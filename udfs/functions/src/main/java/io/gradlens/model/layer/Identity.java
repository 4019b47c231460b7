package io.gradlens.model.layer;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What does nothing at inference: noise, random augmentation, {@link Dropout}. */
public class Identity implements Op {

  @Override
  public int[] outputShape(List<int[]> inputs) {
    return inputs.get(0).clone();
  }

  @Override
  public boolean isView() {
    return true;
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {}

  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    return cotangent;
  }
}
