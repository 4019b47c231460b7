package io.gradlens.odeblock;

import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An {@link OdeBlock} as a function of single images: each is solved with steps of its own, so that
 * its result does not depend on others. Gradients are back through those steps, whatever the block
 * was trained with.
 *
 * <p>Belongs to one thread at a time; memory is its own until {@link #close}.
 */
public final class ImageSolve implements AutoCloseable {
  private final BlockSolver solver;
  private final INDArray cotangent;

  /**
   * @param parameters of the block, float32, by DL4J's names; not to be changed
   * @param rows of an image
   * @param columns of an image
   */
  public ImageSolve(OdeBlock block, Map<String, INDArray> parameters, int rows, int columns) {
    BatchShape shape = new BatchShape(1, rows, columns, block.getNIn(), DataType.FLOAT);
    solver = new BlockSolver(block.method(), shape, OdeAdjoint.DISCRETE, block.memoryBytes());
    solver.weights(parameters);
    cotangent = shape.batch();
  }

  /** Whether it was made for images of this size. */
  public boolean fits(long rows, long columns) {
    return solver.shape().rows() == rows && solver.shape().columns() == columns;
  }

  /**
   * @param image {@code [1,H,W,C]}; read only
   * @param output overwritten
   * @throws ArithmeticException if the solve does not get to its end
   */
  public void forward(INDArray image, INDArray output) {
    solver.state().assign(image);
    solver.forward(false);
    output.assign(solver.state());
  }

  /**
   * The vector–Jacobian product.
   *
   * @param image {@code [1,H,W,C]}; read only
   * @param outputCotangent of the same shape; read only
   * @param gradient overwritten
   * @throws ArithmeticException if the solve does not get to its end
   */
  public void vjp(INDArray image, INDArray outputCotangent, INDArray gradient) {
    solver.state().assign(image);
    solver.forward(true);
    cotangent.assign(outputCotangent);
    solver.backward(cotangent);
    gradient.assign(cotangent);
  }

  @Override
  public void close() {
    solver.close();
    cotangent.close();
  }
}
