package io.gradlens.udf;

import static org.apache.spark.sql.types.DataTypes.BinaryType;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.FloatType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Every column name and type once. */
public final class Schemas {

  public static final String PATH = "path";
  public static final String CONTENT = "content";
  public static final String LABEL = "label";

  public static final String RUN_ID = "run_id";
  public static final String ATTEMPT = "attempt";
  public static final String CONFIG_SHA256 = "config_sha256";
  public static final String MODEL_SHA256 = "model_sha256";
  public static final String IMAGE_URI = "image_uri";
  public static final String IMAGE_SHA256 = "image_sha256";
  public static final String WIDTH = "width";
  public static final String HEIGHT = "height";
  public static final String CROP_X = "crop_x";
  public static final String CROP_Y = "crop_y";
  public static final String CROP_WIDTH = "crop_width";
  public static final String CROP_HEIGHT = "crop_height";
  public static final String PREDICTED_INDEX = "predicted_index";
  public static final String PREDICTED_LABEL = "predicted_label";
  public static final String PREDICTED_PROBABILITY = "predicted_probability";
  public static final String TOP_K = "top_k";
  public static final String TARGET_INDEX = "target_index";
  public static final String TARGET_LABEL = "target_label";
  public static final String TARGET_RANK = "target_rank";
  public static final String TARGET_LOGIT = "target_logit";
  public static final String TARGET_PROBABILITY = "target_probability";
  public static final String LAYER = "layer";
  public static final String METHOD = "method";
  public static final String HEATMAP = "heatmap";
  public static final String SIGNED_MAP = "signed_map";
  public static final String HEATMAP_HEIGHT = "heatmap_height";
  public static final String HEATMAP_WIDTH = "heatmap_width";
  public static final String CHANNEL_WEIGHTS = "channel_weights";
  public static final String RAW_MIN = "raw_min";
  public static final String RAW_MAX = "raw_max";
  public static final String IS_ZERO_MAP = "is_zero_map";
  public static final String OVERLAY_PNG = "overlay_png";

  public static final String FAILURE = "failure";
  public static final String STAGE = "stage";
  public static final String ERROR_CLASS = "error_class";
  public static final String MESSAGE = "message";
  public static final String ERROR = "error";

  private static final DataType FLOATS = DataTypes.createArrayType(FloatType, false);

  /** One class of the network's answer: index, label, logit, probability. */
  public static final StructType PREDICTION =
      new StructType()
          .add("index", IntegerType, false)
          .add("label", StringType)
          .add("logit", FloatType, false)
          .add("probability", FloatType);

  /** What {@link Gradlens#explain} takes: a null content is read from the path. */
  public static final StructType IMAGES =
      new StructType().add(PATH, StringType, false).add(CONTENT, BinaryType).add(LABEL, StringType);

  /** What {@link Gradlens#identify} gives. */
  public static final StructType IDENTITIES =
      new StructType()
          .add(PATH, StringType)
          .add(LABEL, StringType)
          .add(IMAGE_URI, StringType)
          .add(IMAGE_SHA256, StringType);

  /** The table {@code explanations}: one row = image x target x layer x method. */
  public static final StructType EXPLANATIONS =
      new StructType()
          .add(RUN_ID, StringType)
          .add(ATTEMPT, IntegerType)
          .add(CONFIG_SHA256, StringType)
          .add(MODEL_SHA256, StringType)
          .add(IMAGE_URI, StringType)
          .add(IMAGE_SHA256, StringType)
          .add(WIDTH, IntegerType)
          .add(HEIGHT, IntegerType)
          .add(CROP_X, IntegerType)
          .add(CROP_Y, IntegerType)
          .add(CROP_WIDTH, IntegerType)
          .add(CROP_HEIGHT, IntegerType)
          .add(LABEL, StringType)
          .add(PREDICTED_INDEX, IntegerType)
          .add(PREDICTED_LABEL, StringType)
          .add(PREDICTED_PROBABILITY, FloatType)
          .add(TOP_K, DataTypes.createArrayType(PREDICTION, false))
          .add(TARGET_INDEX, IntegerType)
          .add(TARGET_LABEL, StringType)
          .add(TARGET_RANK, IntegerType)
          .add(TARGET_LOGIT, FloatType)
          .add(TARGET_PROBABILITY, FloatType)
          .add(LAYER, StringType)
          .add(METHOD, StringType)
          .add(HEATMAP, FLOATS)
          .add(SIGNED_MAP, FLOATS)
          .add(HEATMAP_HEIGHT, IntegerType)
          .add(HEATMAP_WIDTH, IntegerType)
          .add(CHANNEL_WEIGHTS, FLOATS)
          .add(RAW_MIN, FloatType)
          .add(RAW_MAX, FloatType)
          .add(IS_ZERO_MAP, BooleanType)
          .add(OVERLAY_PNG, BinaryType);

  /** Why an image could not be explained. */
  static final StructType FAILURE_REASON =
      new StructType()
          .add(STAGE, StringType, false)
          .add(ERROR_CLASS, StringType, false)
          .add(MESSAGE, StringType);

  /**
   * What {@link Gradlens#explain} gives: the columns of {@code explanations}, and {@code failure},
   * which is null but for images that could not be explained; those have one row.
   */
  public static final StructType RESULTS = EXPLANATIONS.add(FAILURE, FAILURE_REASON);

  /** The table {@code failures}: one row = one image that could not be explained. */
  public static final StructType FAILURES =
      new StructType()
          .add(RUN_ID, StringType)
          .add(ATTEMPT, IntegerType)
          .add(IMAGE_URI, StringType)
          .add(IMAGE_SHA256, StringType)
          .add(STAGE, StringType)
          .add(ERROR_CLASS, StringType)
          .add(MESSAGE, StringType);

  /** What {@code gradcam(content, model, …)} gives: a row of explanations, or an error. */
  public static final StructType LOOK = EXPLANATIONS.add(ERROR, StringType);

  private Schemas() {}
}
