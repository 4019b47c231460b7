package io.gradlens.device;

import io.gradlens.field.FieldPrecision;
import io.gradlens.model.NativeBackend;
import io.gradlens.ode.Lanes;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SaveAt;
import io.gradlens.ode.Solution;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.nn.MlpShape;

/**
 * Solves dy/dt = f(t, y) for a wide network f on whatever device ND4J runs: states {@code
 * [dim][lane]} stay there, stage sums, norms and f are operations on them, and only initial states,
 * states at observation times, times, step sizes and one error ratio a lane and step cross.
 *
 * <p>Methods, step sizes and statistics are {@link OdeSolve}'s; results differ by rounding. A
 * trajectory's last bits may depend on how many lanes there are beside it, as those of matrix
 * products do.
 *
 * <p>An instance keeps its memory from one call to the next, so it belongs to one thread at a time.
 */
public final class DeviceSolve {
  private final OdeSolve how;
  private final DeviceMlp net;
  private DeviceLoop loop;

  /**
   * @param how explicit Runge–Kutta steps of each trajectory's own, without events or jumps
   * @param theta the network's parameters, in the order of {@link MlpShape}
   * @param precision of states and parameters
   * @throws IllegalArgumentException naming what is not supported
   */
  public DeviceSolve(OdeSolve how, MlpShape shape, double[] theta, FieldPrecision precision) {
    this(how, new DeviceMlp(shape, theta, precision));
  }

  DeviceSolve(OdeSolve how, DeviceMlp net) {
    String reason = unsupported(how);
    if (reason != null) {
      throw new IllegalArgumentException("Cannot solve on ND4J arrays: " + reason + ".");
    }
    this.how = how.saveAt(SaveAt.TS);
    this.net = net;
  }

  /** Why a solve cannot run on the device; null where it can. */
  public static String unsupported(OdeSolve how) {
    if (how.isMultistep() || how.tableau().gamma() != 0) {
      return "it has the explicit Runge–Kutta methods, not %s"
          .formatted(how.isMultistep() ? "adams-moulton" : how.tableau().name());
    }
    if (how.stepControl() == StepControl.SHARED) {
      return "steps are each trajectory's own, not shared";
    }
    if (!how.events().isEmpty() || how.hasJumps()) {
      return "it finds no events and no jumps";
    }
    return how.errorGroups().isEmpty() ? null : "it knows no groups of errors";
  }

  /**
   * Solves, and keeps the states at the trajectories' times.
   *
   * @throws IllegalArgumentException if dimensions differ
   */
  public Solution solve(Trajectories trajectories) {
    return solve(trajectories, null);
  }

  /** The same with steps written down. */
  Solution solve(Trajectories trajectories, DeviceLog log) {
    if (trajectories.dim() != net.shape.dim()) {
      throw new IllegalArgumentException(
          "The field has %d components, the initial states have %d."
              .formatted(net.shape.dim(), trajectories.dim()));
    }
    NativeBackend.useOneThread();
    int lanes = Lanes.padded(trajectories.count());
    if (loop == null || loop.count() != lanes) {
      loop = new DeviceLoop(how, net, lanes);
    }
    return loop.run(trajectories, log);
  }
}
