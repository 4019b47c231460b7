package io.gradlens.odeblock;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.model.NativeBackend;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory by the block's own count, and as the operating system sees a process that does nothing
 * else: one that has had memory before keeps some of it, and would seem to need less.
 */
class OdeBlockMemoryTest {
  private static final int CHANNELS = 4;
  private static final BatchShape SHAPE = new BatchShape(16, 64, 64, CHANNELS, DataType.FLOAT);
  private static final int MANY = 60;
  private static final long MEGABYTE = 1L << 20;

  @TempDir private Path folder;

  private record Use(long counted, long resident) {}

  /**
   * What the ways forward and back take.
   *
   * @param args where to write it, the adjoint, and then for each way its steps and budget
   */
  public static void main(String[] args) throws IOException {
    NativeBackend.configure();
    List<String> uses = new ArrayList<>();
    for (int i = 2; i < args.length; i += 2) {
      Use use =
          use(OdeAdjoint.valueOf(args[1]), Integer.parseInt(args[i]), Long.parseLong(args[i + 1]));
      uses.add(use.counted + " " + use.resident);
    }
    Files.write(Path.of(args[0]), uses);
  }

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

  /** The same in a process of its own, which has warmed up after the first way. */
  private List<Use> uses(OdeAdjoint adjoint, long... stepsAndBudgets) throws Exception {
    Path out = folder.resolve("uses");
    List<String> command =
        new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-javaagent"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(OdeBlockMemoryTest.class.getName(), out.toString(), adjoint.name()));
    for (long number : stepsAndBudgets) {
      command.add(Long.toString(number));
    }
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).isZero();
    return Files.readAllLines(out).stream()
        .map(line -> line.split(" "))
        .map(part -> new Use(Long.parseLong(part[0]), Long.parseLong(part[1])))
        .toList();
  }

  @Test
  void aBatchHasTheSizeThatIsCountedWith() {
    assertThat(SHAPE.bytes()).isEqualTo(MEGABYTE);
  }

  @Test
  void backsolveTakesNoMoreForManySteps() throws Exception {
    Use many = uses(OdeAdjoint.BACKSOLVE, MANY, 1, MANY, 1).get(1);

    assertThat(many.counted).isZero();
    assertThat(many.resident).isLessThan(60 * MEGABYTE);
  }

  @Test
  void theDiscreteAdjointStaysWithinItsBytes() throws Exception {
    long budget = 20 * MEGABYTE;

    List<Use> uses = uses(OdeAdjoint.DISCRETE, MANY, MEGABYTE, MANY, budget, MANY, Long.MAX_VALUE);

    Use bounded = uses.get(1);
    assertThat(bounded.counted).isLessThanOrEqualTo(budget);
    assertThat(bounded.resident).isLessThan(budget + 60 * MEGABYTE);
    // Two stages of five batches a step: that the bounds above mean something.
    Use unbounded = uses.get(2);
    assertThat(unbounded.counted).isEqualTo(MANY * 10 * MEGABYTE);
    assertThat(unbounded.resident).isGreaterThan(400 * MEGABYTE);
  }
}
