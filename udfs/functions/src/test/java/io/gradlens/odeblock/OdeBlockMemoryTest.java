package io.gradlens.odeblock;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.model.NativeBackend;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Memory by the block's own count, and as the operating system sees this process. */
class OdeBlockMemoryTest {
  private static final int CHANNELS = 4;
  private static final BatchShape SHAPE = new BatchShape(16, 64, 64, CHANNELS, DataType.FLOAT);
  private static final int FEW = 2;
  private static final int MANY = 60;
  private static final long MEGABYTE = 1L << 20;

  @BeforeAll
  static void configure() {
    NativeBackend.configure();
    assertThat(SHAPE.bytes()).isEqualTo(MEGABYTE);
  }

  private record Use(long counted, long resident) {}

  /** A way forward and back, with a fresh solver. */
  private static Use use(OdeAdjoint adjoint, int steps, long budget) {
    List<LearntArray> arrays = BlockField.learntArrays(CHANNELS);
    long parameters = arrays.stream().mapToLong(LearntArray::length).sum();
    INDArray theta = Nd4j.randn(DataType.FLOAT, parameters).muli(0.1);
    INDArray cotangent = SHAPE.batch().assign(1);
    BlockSolver solver =
        new BlockSolver(BlockMethod.fixed("midpoint", steps), SHAPE, adjoint, budget);
    solver.state().assign(Nd4j.randn(DataType.FLOAT, SHAPE.shape()));
    solver.weights(LearntArrays.views(arrays, theta));
    System.gc();
    long before = Pointer.physicalBytes();
    solver.forward(true);
    solver.backward(cotangent);
    long after = Pointer.physicalBytes();
    long counted = solver.cost().loggedBytes();
    solver.close();
    cotangent.close();
    return new Use(counted, after - before);
  }

  @Test
  void backsolveTakesNoMoreForManySteps() {
    use(OdeAdjoint.BACKSOLVE, FEW, 1);
    assertThat(use(OdeAdjoint.BACKSOLVE, MANY, 1).resident).isLessThan(60 * MEGABYTE);
    assertThat(use(OdeAdjoint.BACKSOLVE, MANY, 1).counted).isZero();
  }

  @Test
  void theDiscreteAdjointStaysWithinItsBytes() {
    use(OdeAdjoint.DISCRETE, FEW, MEGABYTE);
    long budget = 20 * MEGABYTE;
    Use bounded = use(OdeAdjoint.DISCRETE, MANY, budget);
    assertThat(bounded.counted).isLessThanOrEqualTo(budget);
    assertThat(bounded.resident).isLessThan(budget + 60 * MEGABYTE);
    // Two stages of five batches a step: that the bounds above mean something.
    Use unbounded = use(OdeAdjoint.DISCRETE, MANY, Long.MAX_VALUE);
    assertThat(unbounded.counted).isEqualTo(MANY * 10 * MEGABYTE);
    assertThat(unbounded.resident).isGreaterThan(400 * MEGABYTE);
  }
}
