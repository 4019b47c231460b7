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
 *
 * <p>The dense output is kept in nested form (Hairer, Nørsett &amp; Wanner 1993, section II.6),
 *
 * <pre>w_i(x) = x (d_0i + (1−x) (d_1i + x (d_2i + (1−x) (d_3i + x (d_4i + …)))))</pre>
 *
 * in which y, y₁ and the slopes at both ends fix the first three rows: d_0 = b, d_1 = u − b, d_2 =
 * 2b − u − v with u and v picking the first stage and the one at the end. These alone are the cubic
 * Hermite interpolant, of order 3 at most; a method adds rows to it. So every dense output is once
 * continuously differentiable from step to step, and w(1) = b to the last bit.
 */
public final class ButcherTableau {

  /** How far a sum may be off, relative to its largest term or 1. */
  private static final double ROUNDING = 1e-14;

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
    b = builder.b.clone();
    int stages = b.length;
    requireSum("weights b", b, 1);
    require(
        builder.a.length >= stages && builder.c.length == builder.a.length,
        "a row of a and a node c for each of %d stages, got %d rows and %d nodes"
            .formatted(stages, builder.a.length, builder.c.length));
    fsal =
        Arrays.equals(Arrays.copyOf(builder.a[stages - 1], stages), b)
            && builder.c[stages - 1] == 1;
    gamma = stages > 1 && builder.a[1].length > 1 ? builder.a[1][1] : 0;
    int all = builder.a.length + (fsal ? 0 : 1);
    c = new double[all];
    a = new double[all][];
    for (int i = 0; i < all; i++) {
      boolean appended = !fsal && i == stages;
      int given = !fsal && i > stages ? i - 1 : i;
      c[i] = appended ? 1 : builder.c[given];
      setRow(i, appended ? b : builder.a[given]);
    }
    errors = Arrays.stream(builder.errors).map(double[]::clone).toArray(double[][]::new);
    for (double[] error : errors) {
      require(error.length <= end() + 1, "error weights for the stages of a step only");
      requireSum("error weights", error, 0);
    }
    dense = nested(builder.dense);
  }

  private void setRow(int i, double[] row) {
    require(row.length <= i + 1, "row %d of a to end at its diagonal".formatted(i));
    requireSum("row %d of a".formatted(i), row, c[i]);
    a[i] = Arrays.copyOf(row, i + 1);
    double diagonal = i == 0 || i >= b.length ? 0 : gamma;
    require(
        a[i][i] == diagonal,
        "%s on the diagonal of row %d of a, got %s".formatted(diagonal, i, a[i][i]));
  }

  /** The rows d_0, d_1, … over all stages that the dense output is made of. */
  private double[][] nested(double[][] added) {
    int width =
        Math.max(end() + 1, Arrays.stream(added).mapToInt(row -> row.length).max().orElse(0));
    require(
        width <= allStages(), "a dense output of the %d stages there are".formatted(allStages()));
    double[][] d = new double[3 + added.length][width];
    for (int i = 0; i < width; i++) {
      double first = i == 0 ? 1 : 0;
      double last = i == end() ? 1 : 0;
      d[0][i] = b(i);
      d[1][i] = first - b(i);
      d[2][i] = 2 * b(i) - first - last;
    }
    for (int p = 0; p < added.length; p++) {
      requireSum("weights of the dense output", added[p], 0);
      d[3 + p] = Arrays.copyOf(added[p], width);
    }
    return d;
  }

  private void requireSum(String what, double[] terms, double expected) {
    double sum = Arrays.stream(terms).sum();
    double largest = Arrays.stream(terms).map(Math::abs).reduce(1, Math::max);
    require(
        Math.abs(sum - expected) <= ROUNDING * largest,
        "%s to sum to %s, got %s".formatted(what, expected, sum));
  }

  private void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("Tableau %s: expected %s.".formatted(name, what));
    }
  }

  /** The method's usual name. */
  public String name() {
    return name;
  }

  /** The order of y₁. */
  public int order() {
    return order;
  }

  /**
   * The order of the solution that the error estimate compares with: the estimate shrinks as h to
   * the power of this plus 1. 0 without an estimate; 7 for the blend of DOP853.
   */
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

  /**
   * The strict lower part of a, with b where {@link #end} is: what every stage's state is made of.
   */
  public double[][] stageRows() {
    double[][] rows = new double[c.length][c.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < i; j++) {
        rows[i][j] = a(i, j);
      }
    }
    return rows;
  }

  /** The weights of the error estimates, one row each. */
  public double[][] errorRows() {
    double[][] rows = new double[errors.length][];
    for (int e = 0; e < rows.length; e++) {
      rows[e] = errors[e].clone();
    }
    return rows;
  }

  /** How many stages the dense output is made of. */
  public int denseStages() {
    return dense[0].length;
  }

  /**
   * The weights of the dense output.
   *
   * @param x where in the step, 0 to 1
   * @param w overwritten: w_i(x), {@code [denseStages]}
   */
  public void denseWeights(double x, double[] w) {
    for (int i = 0; i < denseStages(); i++) {
      double inner = 0;
      for (int p = dense.length - 1; p >= 0; p--) {
        inner = dense[p][i] + (p % 2 == 0 ? 1 - x : x) * inner;
      }
      w[i] = x * inner;
    }
  }

  /**
   * Their derivatives with respect to x.
   *
   * @param w overwritten: w_i'(x), {@code [denseStages]}
   */
  public void denseSlopes(double x, double[] w) {
    for (int i = 0; i < denseStages(); i++) {
      double inner = 0;
      double slope = 0;
      for (int p = dense.length - 1; p >= 0; p--) {
        slope = p % 2 == 0 ? (1 - x) * slope - inner : x * slope + inner;
        inner = dense[p][i] + (p % 2 == 0 ? 1 - x : x) * inner;
      }
      w[i] = inner + x * slope;
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
    private double[] c = {};
    private double[][] a = {};
    private double[] b = {};
    private double[][] errors = {};
    private double[][] dense = {};

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
     * The error estimates, each b minus the weights of an embedded method.
     *
     * @param order as {@link #embeddedOrder} gives it
     */
    public Builder error(int order, double[]... weights) {
      embeddedOrder = order;
      errors = weights;
      return this;
    }

    /**
     * What the dense output has beyond the cubic Hermite interpolant: the rows d_3, d_4, … of the
     * nested form, over the stages with the one at the end. Without it, the dense output is that
     * cubic.
     */
    public Builder dense(double[]... rows) {
      dense = rows;
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
