package io.gradlens.ode.field;

import io.gradlens.kernel.Real;
import io.gradlens.ode.DifferentiableField;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The registry: well-known systems, differentiable with respect to state and parameters by formulas
 * worked out by hand. A new one is a class and a line here; the tests come along.
 *
 * <p>The parameters θ stand in the order in which they are listed.
 *
 * <pre>{@code
 * DifferentiableField field = ClassicalSystems.named("lotka-volterra").field();
 * DifferentiableField other = ClassicalSystems.VAN_DER_POL.field(5);
 * }</pre>
 */
@Real
public enum ClassicalSystems {

  /**
   * dy/dt = A·y; θ = A, row by row, {@code [d·d]}: its length gives d. The default spirals inwards.
   */
  LINEAR("linear", List.of(), LinearField::new, -0.1, 2, -2, -0.1),

  /**
   * Prey x and predators y: dx/dt = αx − βxy, dy/dt = δxy − γy; θ = (α, β, δ, γ). A. J. Lotka,
   * Elements of Physical Biology, 1925; V. Volterra, Nature 118, 1926. The defaults are fitted to
   * hares and lynxes of the Hudson Bay (thousands of pelts, years): B. Carpenter, Predator-Prey
   * Population Dynamics, Stan case study, 2018.
   */
  LOTKA_VOLTERRA(
      "lotka-volterra",
      List.of("alpha", "beta", "delta", "gamma"),
      LotkaVolterraField::new,
      0.55,
      0.028,
      0.024,
      0.80),

  /**
   * An oscillator with a limit cycle, stiff for large μ: dx/dt = y, dy/dt = μ(1 − x²)y − x; θ =
   * (μ). B. van der Pol, On Relaxation-Oscillations, Philosophical Magazine 2, 1926.
   */
  VAN_DER_POL("van-der-pol", List.of("mu"), VanDerPolField::new, 1),

  /**
   * Convection between two plates, chaotic: dx/dt = σ(y − x), dy/dt = x(ρ − z) − y, dz/dt = xy −
   * βz; θ = (σ, ρ, β). E. N. Lorenz, Deterministic Nonperiodic Flow, Journal of the Atmospheric
   * Sciences 20, 1963.
   */
  LORENZ("lorenz", List.of("sigma", "rho", "beta"), LorenzField::new, 10, 28, 8.0 / 3),

  /**
   * An autocatalytic reaction, very stiff: with r₁ = k₁a, r₂ = k₂b², r₃ = k₃bc, da/dt = r₃ − r₁,
   * db/dt = r₁ − r₃ − r₂, dc/dt = r₂; θ = (k₁, k₂, k₃). H. H. Robertson, The Solution of a Set of
   * Reaction Rate Equations, 1966.
   */
  ROBERTSON("robertson", List.of("k1", "k2", "k3"), RobertsonField::new, 0.04, 3e7, 1e4),

  /**
   * A damped pendulum, angle φ and angular velocity ω: dφ/dt = ω, dω/dt = −(g/l)·sin φ − cω; θ =
   * (g/l, c), by default a metre long, c = 0.1 per second.
   */
  PENDULUM("pendulum", List.of("g/l", "c"), PendulumField::new, 9.81, 0.1),

  /**
   * A nerve's membrane potential v and recovery w under a current I: dv/dt = v − v³/3 − w + I,
   * dw/dt = (v + a − bw)/τ; θ = (a, b, τ, I). R. FitzHugh, Biophysical Journal 1, 1961; J. Nagumo
   * et al., Proceedings of the IRE 50, 1962.
   */
  FITZHUGH_NAGUMO(
      "fitzhugh-nagumo",
      List.of("a", "b", "tau", "I"),
      FitzHughNagumoField::new,
      0.7,
      0.8,
      12.5,
      0.5),

  /**
   * An epidemic, shares susceptible s, infected i, removed r: ds/dt = −βsi, di/dt = βsi − γi, dr/dt
   * = γi; θ = (β, γ). W. O. Kermack and A. G. McKendrick, Proceedings of the Royal Society A 115,
   * 1927. The defaults (per day) are fitted to influenza in a boarding school, 1978: J. D. Murray,
   * Mathematical Biology.
   */
  SIR("sir", List.of("beta", "gamma"), SirField::new, 1.66, 0.44);

  private final String id;
  private final List<String> parameters;
  private final Function<double[], DifferentiableField> factory;
  private final double[] defaults;

  ClassicalSystems(
      String id,
      List<String> parameters,
      Function<double[], DifferentiableField> factory,
      double... defaults) {
    this.id = id;
    this.parameters = parameters;
    this.factory = factory;
    this.defaults = defaults;
  }

  /** The name for command lines, as {@code lotka-volterra}. */
  public String id() {
    return id;
  }

  /** The names of the parameters; those of {@link #LINEAR} have none. */
  public List<String> parameters() {
    return parameters;
  }

  /** The field with its default parameters. */
  public DifferentiableField field() {
    return field(defaults);
  }

  /**
   * A new field.
   *
   * @param theta its parameters, copied
   * @throws IllegalArgumentException if there are more or fewer than the system has
   */
  public DifferentiableField field(double... theta) {
    if (this == LINEAR) {
      int d = (int) Math.sqrt(theta.length);
      if (theta.length == 0 || d * d != theta.length) {
        throw new IllegalArgumentException(
            "System 'linear' takes a square matrix, row by row; got %d numbers."
                .formatted(theta.length));
      }
    } else if (theta.length != defaults.length) {
      throw new IllegalArgumentException(
          "System '%s' takes %d parameters (%s); got %d."
              .formatted(id, defaults.length, String.join(", ", parameters), theta.length));
    }
    return factory.apply(theta);
  }

  /**
   * Looks a system up by its {@link #id}.
   *
   * @throws IllegalArgumentException if there is none of that name; the message lists those there
   *     are
   */
  public static ClassicalSystems named(String id) {
    for (ClassicalSystems system : values()) {
      if (system.id.equals(id)) {
        return system;
      }
    }
    throw new IllegalArgumentException(
        "System '%s' is not known; systems are: %s."
            .formatted(
                id,
                Arrays.stream(values())
                    .map(ClassicalSystems::id)
                    .collect(Collectors.joining(", "))));
  }
}
