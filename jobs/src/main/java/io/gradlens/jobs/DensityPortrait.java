package io.gradlens.jobs;

import io.gradlens.ode.DivergenceField;
import io.gradlens.ode.flow.ContinuousFlow;
import io.gradlens.train.ObservedTrajectory;
import io.gradlens.trajectory.TrainingPlan;
import java.util.List;

/**
 * Points drawn from the density that was learned, and as many observed ones.
 *
 * @param learned the plan with what was learned
 */
record DensityPortrait(TrainingPlan learned) implements TrainingPortrait {

  private static final int SHOWN = 1000;

  @Override
  public int count() {
    return SHOWN;
  }

  @Override
  public byte[] png(List<ObservedTrajectory> shown) {
    ContinuousFlow flow =
        ContinuousFlow.exact(
            (DivergenceField) learned.file().field().build(), 0, 1, learned.solve());
    double[] points = flow.samples(shown.size(), 0).points();
    int dim = flow.dim();
    int other = Math.min(1, dim - 1);
    double[][] drawn = new double[2][shown.size()];
    double[][] observed = new double[2][shown.size()];
    for (int i = 0; i < shown.size(); i++) {
      drawn[0][i] = points[i * dim];
      drawn[1][i] = points[i * dim + other];
      observed[0][i] = shown.get(i).y()[0];
      observed[1][i] = shown.get(i).y()[other];
    }
    return TrainingCharts.samples("Drawn and observed", observed, drawn);
  }
}
