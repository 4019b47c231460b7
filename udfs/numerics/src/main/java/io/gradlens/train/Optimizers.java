package io.gradlens.train;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The registry of optimizers, with the settings that are usual for each. */
public enum Optimizers {
  /** Gradient descent, with momentum where it is above 0. */
  SGD("sgd") {
    @Override
    public Optimizer with(int params, double momentum, double weightDecay) {
      return new Sgd(params, momentum, Sgd.Momentum.CLASSICAL, weightDecay);
    }
  },
  /** Gradient descent with Nesterov's momentum. */
  NESTEROV("nesterov") {
    @Override
    public Optimizer with(int params, double momentum, double weightDecay) {
      return new Sgd(params, momentum, Sgd.Momentum.NESTEROV, weightDecay);
    }
  },
  /** RMSprop, α = 0.99, ε = 10⁻⁸. */
  RMSPROP("rmsprop") {
    @Override
    public Optimizer with(int params, double momentum, double weightDecay) {
      return new RmsProp(params, 0.99, 1e-8, momentum, weightDecay);
    }
  },
  /** Adam, β = 0.9 and 0.999, ε = 10⁻⁸. */
  ADAM("adam") {
    @Override
    public Optimizer with(int params, double momentum, double weightDecay) {
      requireNone("momentum", momentum);
      return new Adam(params, 0.9, 0.999, 1e-8, Adam.Decay.IN_GRADIENT, weightDecay);
    }
  },
  /** The same with weight decay apart from the gradient. */
  ADAMW("adamw") {
    @Override
    public Optimizer with(int params, double momentum, double weightDecay) {
      requireNone("momentum", momentum);
      return new Adam(params, 0.9, 0.999, 1e-8, Adam.Decay.DECOUPLED, weightDecay);
    }
  },
  /** L-BFGS with 10 pairs. */
  LBFGS("lbfgs") {
    @Override
    public Optimizer with(int params, double momentum, double weightDecay) {
      requireNone("momentum", momentum);
      requireNone("weight decay", weightDecay);
      return new Lbfgs(params, 10);
    }
  };

  private final String id;

  Optimizers(String id) {
    this.id = id;
  }

  /** The name for command lines, as {@code rmsprop}. */
  public String id() {
    return id;
  }

  /**
   * A new one.
   *
   * @param params how many parameters it is for
   * @param momentum 0 for none
   * @param weightDecay 0 for none
   * @throws IllegalArgumentException if a number is out of range, or means nothing to this one
   */
  public abstract Optimizer with(int params, double momentum, double weightDecay);

  final void requireNone(String what, double value) {
    if (value != 0) {
      throw new IllegalArgumentException(
          "Optimizer '%s' takes no %s, got %s.".formatted(id, what, value));
    }
  }

  /**
   * Looks one up by its {@link #id}.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static Optimizers named(String id) {
    for (Optimizers each : values()) {
      if (each.id.equals(id)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "Optimizer '%s' is not known; optimizers are: %s."
            .formatted(
                id, Arrays.stream(values()).map(Optimizers::id).collect(Collectors.joining(", "))));
  }
}
