/**
 * Layers that DL4J does not have, for networks that it trains: {@link
 * io.gradlens.odeblock.OdeBlock}, a neural ordinary differential equation as a layer, and {@link
 * io.gradlens.odeblock.GroupNorm}. The network made of them is {@code OdeNet} of {@code
 * io.gradlens.network}:
 *
 * <pre>{@code
 * ComputationGraphConfiguration configuration =
 *     OdeNet.odeNet(
 *             new NeuralNetConfiguration.Builder().seed(1).updater(new Adam(1e-3)),
 *             (InputType.InputTypeConvolutional) InputType.convolutional(28, 28, 1),
 *             10,
 *             new OdeBlock.Builder().tolerances(1e-3, 1e-3))
 *         .build();
 * ComputationGraph network = new ComputationGraph(configuration);
 * network.init();
 * network.fit(pictures);
 * OdeCosts.of(network).get(OdeNet.BLOCK).nfeForward(); // evaluations for the last batch
 * }</pre>
 *
 * <p>Both layers are stored in DL4J's model files like its own; whoever loads such a file needs
 * these classes.
 *
 * <h2>From an image to its gradient</h2>
 *
 * <p>{@code OdeBlockLayer} is what DL4J runs. It hands a batch to a {@code BlockSolver}, which has
 * the right-hand side f ({@code BlockField}), the way forward ({@code ForwardSolve}) and one of two
 * ways back ({@code DiscreteSweep} over what {@code BlockLog} has kept, or {@code BacksolveSweep}).
 * {@code StepWalk} chooses the steps of all three solves.
 *
 * <p>Why not the solvers of {@link io.gradlens.ode}: they have a lane and a step size for every
 * trajectory, in arrays of the heap with lanes innermost, which suits states of a few numbers. A
 * block's state is one batch of maps under one step size, its f is made of convolutions, which want
 * channels innermost and off-heap arrays, and DL4J asks for the way back long after the way
 * forward. Methods and the rule for step sizes are theirs.
 */
package io.gradlens.odeblock;
