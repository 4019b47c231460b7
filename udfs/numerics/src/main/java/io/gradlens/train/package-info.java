/**
 * Fits the parameters θ of a field to trajectories.
 *
 * <pre>{@code
 * BatchLoss.Factory loss =
 *     () -> new FieldLoss(new SolverEngine(field(), solve), Losses::meanSquared);
 * Windowing windowing = new Windowing(10, 2);
 * List<TrajectoryBlock> blocks = TrajectoryBlocks.of(trajectories, 64, windowing);
 * Sampling sampling = new Sampling(windowing, windows, 20, Curriculum.none(), seed);
 * Workforce workforce = new LocalWorkforce(blocks, sampling, blocks, loss, threads);
 * double[] theta =
 *     Trainer.start(
 *             TrainingOptions.of(2000, LearningRate.constant(1e-3)),
 *             () -> Optimizers.RMSPROP.with(params, 0, 0),
 *             workforce,
 *             observer,
 *             theta0)
 *         .run();
 * }</pre>
 *
 * <h2>The same bits, whoever computes</h2>
 *
 * <p>Floating-point sums depend on their order, and a cluster has none. So the order is fixed
 * before anybody computes. Trajectories are grouped once, by order of id, into {@link
 * io.gradlens.train.TrajectoryBlock}s. A block is evaluated by one thread, as one batch; which
 * windows of it count is a function of seed and iteration ({@link io.gradlens.train.Sampling}); and
 * blocks are added up along a binary tree over their numbers ({@link io.gradlens.train.SumTree}). θ
 * is then the same for any number of threads, tasks or machines of one type, and the {@link
 * io.gradlens.train.Trainer} takes the same steps from it.
 *
 * <h2>What is learned</h2>
 *
 * <p>A {@link io.gradlens.train.BatchLoss}: {@link io.gradlens.train.FieldLoss} compares solutions
 * with observations, {@link io.gradlens.train.FlowLoss} fits a density to points, and {@link
 * io.gradlens.train.LatentOdeLoss} finds a state behind what is observed, which {@link
 * io.gradlens.train.LatentOde} then predicts from. An {@link io.gradlens.train.Optimizer} takes the
 * steps; {@link io.gradlens.train.Optimizers} has those there are.
 */
package io.gradlens.train;
