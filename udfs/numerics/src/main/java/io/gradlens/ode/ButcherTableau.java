package io.gradlens.ode;

import java.util.Arrays;

/**
 * A Runge–Kutta method as data: k_i = f(t + c_i h, y + h Σ_j a_ij k_j), y₁ = y + h Σ_i b_i k_i, an
 * error estimate h Σ_i e_i k_i and a dense output y(t + xh) = y + h Σ_i w_i(x) k_i.
 *
 * <p>A method is explicit (a_ij = 0 for j ≥ i) or diagonally implicit with an explicit first stage
 * (a_ii = γ for i ≥ 1). Rows that sum to c and weights that sum to 1 are required; that the last
 * stage is the next step's first (FSAL: c = 1 and its row equals b) is derived.
 *
 * <p>Where a method is not FSAL, {@link #stages} of them are followed by f(t + h, y₁), which the
 * next step begins with anyway, so that every method has the slope at both ends for its dense
 * output. Stages that only the dense output needs come last.
 */
public final class ButcherTableau {

  private static final double ROUNDING = 1e-13;

  private final String name;
  private final int order;
  private final int embeddedOrder;
  private final double[] c;
  private final double[][] a;
  private final double[] b;
  private final double[][] errors;
  private final boolean fsal;
  private final double gamma;
  private final double[][] dense;

  private ButcherTableau(Builder builder) {
    name = builder.name;
    order = builder.order;
    embeddedOrder = builder.embeddedOrder;
    b = builder.b;
    int stages = b.length;
    require(builder.a.length >= stages, "one row of a for every weight in b");
    require(Math.abs(Arrays.stream(b).sum() - 1) < ROUNDING, "weights b that sum to 1");
    fsal =
        stages > 1
            && Arrays.equals(Arrays.copyOf(builder.a[stages - 1], stages), b)
            && builder.c[stages - 1] == 1;
    gamma = stages > 1 && builder.a[1].length > 1 ? builder.a[1][1] : 0;
    int extra = builder.a.length - stages;
    int all = stages + (fsal ? 0 : 1) + extra;
    c = new double[all];
    a = new double[all][];
    for (int i = 0; i < stages; i++) {
      c[i] = builder.c[i];
      a[i] = Arrays.copyOf(builder.a[i], i + 1);
      require(a[i][i] == (i == 0 ? 0 : gamma), "a diagonal of 0 first and one value after it");
    }
    if (!fsal) {
      c[stages] = 1;
      a[stages] = Arrays.copyOf(b, stages + 1);
    }
    for (int i = 0; i < extra; i++) {
      int at = all - extra + i;
      c[at] = builder.c[stages + i];
      a[at] = Arrays.copyOf(builder.a[stages + i], at + 1);
    }
    for (int i = 0; i < all; i++) {
      require(
          Math.abs(Arrays.stream(a[i]).sum() - c[i]) < ROUNDING,
          "a row of a that sums to c = %s, and row %d sums to %s"
              .formatted(c[i], i, Arrays.stream(a[i]).sum()));
    }
    errors = builder.errors;
    for (double[] error : errors) {
      require(Math.abs(Arrays.stream(error).sum()) < ROUNDING, "error weights that sum to 0");
    }
    dense = builder.dense == null ? hermite() : builder.dense;
    require(dense.length <= all, "dense output from the stages that there are");
  }

  private void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("Tableau %s: expected %s.".formatted(name, what));
    }
  }

  /** The cubic through both ends with their slopes (order 3). */
  private double[][] hermite() {
    int end = end();
    double[][] w = new double[end + 1][4];
    for (int i = 0; i < b.length; i++) {
      w[i][2] += 3 * b[i];
      w[i][3] -= 2 * b[i];
    }
    w[0][1] += 1;
    w[0][2] -= 2;
    w[0][3] += 1;
    w[end][2] -= 1;
    w[end][3] += 1;
    return w;
  }

  /** The method's usual name. */
  public String name() {
    return name;
  }

  /** The order of y₁. */
  public int order() {
    return order;
  }

  /** The order of the solution that the error estimate compares with; 0 without an estimate. */
  public int embeddedOrder() {
    return embeddedOrder;
  }

  /** Stages that y₁ is made of. */
  public int stages() {
    return b.length;
  }

  /** The place of f(t + h, y₁) among the stages. */
  public int end() {
    return fsal ? b.length - 1 : b.length;
  }

  /** Stages with the one at the end and those for dense output. */
  public int allStages() {
    return c.length;
  }

  /** Whether the last stage is the first of the next step. */
  public boolean isFsal() {
    return fsal;
  }

  /** The diagonal of a from the second stage on: 0 for an explicit method. */
  public double gamma() {
    return gamma;
  }

  /** c_i. */
  public double c(int stage) {
    return c[stage];
  }

  /** a_ij. */
  public double a(int stage, int j) {
    return j < a[stage].length ? a[stage][j] : 0;
  }

  /** b_i. */
  public double b(int stage) {
    return stage < b.length ? b[stage] : 0;
  }

  /** How many error estimates there are: none, one, or two that are blended as in DOP853. */
  public int estimates() {
    return errors.length;
  }

  /** e_i of an estimate. */
  public double error(int estimate, int stage) {
    return stage < errors[estimate].length ? errors[estimate][stage] : 0;
  }

  /** How many stages the dense output is made of. */
  public int denseStages() {
    return dense.length;
  }

  /**
   * The weights of the dense output.
   *
   * @param x where in the step, 0 to 1
   * @param w overwritten: w_i(x), {@code [denseStages]}
   */
  public void denseWeights(double x, double[] w) {
    for (int i = 0; i < dense.length; i++) {
      double sum = 0;
      for (int p = dense[i].length - 1; p >= 0; p--) {
        sum = sum * x + dense[i][p];
      }
      w[i] = sum;
    }
  }

  /**
   * Their derivatives with respect to x.
   *
   * @param w overwritten: w_i'(x), {@code [denseStages]}
   */
  public void denseSlopes(double x, double[] w) {
    for (int i = 0; i < dense.length; i++) {
      double sum = 0;
      for (int p = dense[i].length - 1; p >= 1; p--) {
        sum = sum * x + p * dense[i][p];
      }
      w[i] = sum;
    }
  }

  @Override
  public String toString() {
    return name;
  }

  /**
   * Begins a method.
   *
   * @param order of y₁
   */
  public static Builder named(String name, int order) {
    return new Builder(name, order);
  }

  /** Collects a method's coefficients. */
  public static final class Builder {
    private final String name;
    private final int order;
    private int embeddedOrder;
    private double[] c;
    private double[][] a;
    private double[] b;
    private double[][] errors = {};
    private double[][] dense;

    private Builder(String name, int order) {
      this.name = name;
      this.order = order;
    }

    /** The nodes c, those of stages for dense output last. */
    public Builder c(double... nodes) {
      c = nodes;
      return this;
    }

    /** The rows of a; row i may leave out trailing zeros. */
    public Builder a(double[]... rows) {
      a = rows;
      return this;
    }

    /** The weights of y₁, one a stage. */
    public Builder b(double... weights) {
      b = weights;
      return this;
    }

    /**
     * The error estimate, b minus the weights of the embedded method.
     *
     * @param order of the embedded method
     */
    public Builder error(int order, double[]... weights) {
      embeddedOrder = order;
      errors = weights;
      return this;
    }

    /**
     * The dense output: for every stage the polynomial w_i(x), coefficients from x⁰ up. Without it,
     * the cubic Hermite interpolant is taken.
     */
    public Builder dense(double[][] polynomials) {
      dense = polynomials;
      return this;
    }

    /**
     * Checks and builds the method.
     *
     * @throws IllegalArgumentException naming what the coefficients violate
     */
    public ButcherTableau build() {
      return new ButcherTableau(this);
    }
  }
}
