package io.gradlens.device;

import io.gradlens.ode.nn.MlpShape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * An evaluation of f for all lanes, and its vector–Jacobian product: x₀ = (yᵖ, t), z_l = W_l x_l +
 * b_l, x_{l+1} = σ(z_l), f = z of the last layer; backwards δ = κ there, δ_{l−1} = (W_lᵀδ_l)∘σ′.
 */
final class MlpPass {
  private final DeviceMlp net;
  private final INDArray[] x;
  private final INDArray state;
  private final INDArray time;

  /**
   * σ′ of the hidden layers, and the derivative of the power; null in a pass without a way back.
   */
  private final INDArray[] slopes;

  private final INDArray powerSlope;
  private final INDArray[] back;

  private MlpPass(DeviceMlp net, int lanes, boolean isRecorded) {
    this.net = net;
    MlpShape shape = net.shape;
    int layers = shape.layers();
    x = new INDArray[layers];
    slopes = new INDArray[layers];
    back = new INDArray[layers];
    for (int l = 0; l < layers; l++) {
      x[l] = LaneArray.of(net.type, shape.inputs(l), lanes);
      if (isRecorded) {
        back[l] = LaneArray.of(net.type, shape.inputs(l), lanes);
        slopes[l] = l == 0 ? null : LaneArray.of(net.type, shape.inputs(l), lanes);
      }
    }
    state = rows(x[0]);
    time = shape.time() == MlpShape.Time.LAST_INPUT ? x[0].getRow(shape.dim(), true) : null;
    powerSlope =
        isRecorded && shape.power() > 1 ? LaneArray.of(net.type, shape.dim(), lanes) : null;
  }

  /** A pass that only evaluates. */
  static MlpPass plain(DeviceMlp net, int lanes) {
    return new MlpPass(net, lanes, false);
  }

  /** A pass that can go back. */
  static MlpPass recorded(DeviceMlp net, int lanes) {
    return new MlpPass(net, lanes, true);
  }

  private INDArray rows(INDArray input) {
    return input.get(NDArrayIndex.interval(0, net.shape.dim()), NDArrayIndex.all());
  }

  /**
   * f(t, y).
   *
   * @param t {@code [1][lane]}
   * @param out overwritten
   */
  void apply(INDArray t, INDArray y, INDArray out) {
    power(y);
    if (time != null) {
      time.assign(t);
    }
    int last = x.length - 1;
    for (int l = 0; l < last; l++) {
      net.affine(l, x[l], x[l + 1]);
      ActivationOps.apply(net.shape.activation(), x[l + 1], slopes[l + 1]);
    }
    net.affine(last, x[last], out);
  }

  private void power(INDArray y) {
    int power = net.shape.power();
    state.assign(y);
    for (int i = 2; i < power; i++) {
      state.muli(y);
    }
    if (powerSlope != null) {
      state.muli(power, powerSlope);
    }
    if (power > 1) {
      state.muli(y);
    }
  }

  /**
   * The vector–Jacobian product where f was evaluated last.
   *
   * @param kappa κ
   * @param gradY (∂f/∂y)ᵀκ is added
   * @param gradT (∂f/∂t)ᵀκ is added, {@code [1][lane]}; not looked at where f knows no time
   * @param theta takes what comes to the parameters
   */
  void vjp(INDArray kappa, INDArray gradY, INDArray gradT, ThetaSum theta) {
    INDArray delta = kappa;
    for (int l = x.length - 1; l >= 0; l--) {
      theta.add(l, delta, x[l]);
      net.transposed(l, delta, back[l]);
      if (l > 0) {
        back[l].muli(slopes[l]);
      }
      delta = back[l];
    }
    INDArray toState = rows(delta);
    if (powerSlope != null) {
      toState.muli(powerSlope);
    }
    gradY.addi(toState);
    if (time != null) {
      gradT.addi(delta.getRow(net.shape.dim(), true));
    }
  }
}
