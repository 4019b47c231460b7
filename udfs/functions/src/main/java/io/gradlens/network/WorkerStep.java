package io.gradlens.network;

import io.gradlens.random.CounterRandom;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a worker does around every step: before it, it has the network use {@link ChannelNorm}, and
 * seeds ND4J's random numbers, from which dropout draws, so that they depend on the step and not on
 * what the thread did before; after it, it tells what ODE blocks took.
 */
final class WorkerStep implements TrainingHook {
  private static final long serialVersionUID = 1L;
  private final long seed;
  private final OdeTally tally;

  WorkerStep(long seed, OdeTally tally) {
    this.seed = seed;
    this.tally = tally;
  }

  @Override
  public void preUpdate(MultiDataSet batch, Model model) {
    ComputationGraph network = (ComputationGraph) model;
    ChannelNorm.into(network);
    ConvolutionOutputs.into(network);
    int iteration = network.getConfiguration().getIterationCount();
    Nd4j.getRandom().setSeed(CounterRandom.bits(seed, iteration));
  }

  @Override
  public void preUpdate(DataSet batch, Model model) {
    throw new UnsupportedOperationException("Computation graphs are given MultiDataSets");
  }

  @Override
  public void postUpdate(MultiDataSet batch, Model model) {
    tally.add((ComputationGraph) model);
  }

  @Override
  public void postUpdate(DataSet batch, Model model) {
    // Nothing is left to do.
  }
}
