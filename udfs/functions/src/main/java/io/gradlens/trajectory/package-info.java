/**
 * Neural ODEs over data sets of trajectories: {@link io.gradlens.trajectory.TrajectoryGradients}
 * and {@link io.gradlens.trajectory.TrajectorySolves} go from a {@code Dataset} to a {@code
 * Dataset}, one row a trajectory.
 *
 * <p>Rows stream through a task: some are read into arrays of doubles, solved together in lanes,
 * and written. Between Spark's own rows and the solver no number is boxed. With a step size of each
 * trajectory's own, a row does not depend on what else is in its task, bit for bit.
 */
package io.gradlens.trajectory;
