package io.gradlens.trajectory;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.gradlens.udf.Schemas;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Every column of trajectories and of what is computed for them, once. */
public final class TrajectorySchemas {

  public static final String TRAJECTORY_ID = "trajectory_id";
  public static final String T = "t";
  public static final String Y = "y";
  public static final String Y0 = "y0";

  public static final String STATUS = "status";
  public static final String LOSS = "loss";
  public static final String Y_FINAL = "y_final";
  public static final String GRAD_Y0 = "grad_y0";
  public static final String GRAD_THETA = "grad_theta";
  public static final String GRAD_THETA_NORM = "grad_theta_norm";
  public static final String GRAD_T = "grad_t";
  public static final String NFE_FORWARD = "nfe_forward";
  public static final String NFE_BACKWARD = "nfe_backward";
  public static final String STEPS_ACCEPTED = "steps_accepted";
  public static final String STEPS_REJECTED = "steps_rejected";
  public static final String FD_RELATIVE_ERROR = "fd_relative_error";

  public static final String T_REACHED = "t_reached";
  public static final String NFE = "nfe";
  public static final String EVENTS = "events";

  static final DataType NUMBERS = DataTypes.createArrayType(DoubleType, false);
  static final DataType STATES = DataTypes.createArrayType(NUMBERS, false);

  /** The table {@code trajectory_gradients}: one row = one trajectory. */
  public static final StructType GRADIENTS =
      new StructType()
          .add(Schemas.RUN_ID, StringType)
          .add(TRAJECTORY_ID, StringType)
          .add(STATUS, StringType)
          .add(Schemas.MESSAGE, StringType)
          .add(LOSS, DoubleType)
          .add(Y_FINAL, NUMBERS)
          .add(GRAD_Y0, NUMBERS)
          .add(GRAD_THETA, NUMBERS)
          .add(GRAD_THETA_NORM, DoubleType)
          .add(GRAD_T, NUMBERS)
          .add(NFE_FORWARD, IntegerType)
          .add(NFE_BACKWARD, IntegerType)
          .add(STEPS_ACCEPTED, IntegerType)
          .add(STEPS_REJECTED, IntegerType)
          .add(FD_RELATIVE_ERROR, DoubleType);

  /** An event on the way: its place among the events, its time, the states before and after it. */
  static final StructType EVENT =
      new StructType()
          .add("event", IntegerType, false)
          .add("t", DoubleType, false)
          .add("before", NUMBERS, false)
          .add("after", NUMBERS, false);

  /**
   * The table {@code solutions}: one row = one trajectory. It is a table of trajectories itself, in
   * the nested layout; states that were not reached are NaN.
   */
  public static final StructType SOLUTIONS =
      new StructType()
          .add(Schemas.RUN_ID, StringType)
          .add(TRAJECTORY_ID, StringType)
          .add(STATUS, StringType)
          .add(Schemas.MESSAGE, StringType)
          .add(T, NUMBERS)
          .add(Y, STATES)
          .add(T_REACHED, DoubleType)
          .add(EVENTS, DataTypes.createArrayType(EVENT, false))
          .add(NFE, IntegerType)
          .add(STEPS_ACCEPTED, IntegerType)
          .add(STEPS_REJECTED, IntegerType);

  private TrajectorySchemas() {}
}
