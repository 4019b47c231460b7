package io.gradlens.udf;

import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.types.DataTypes.BinaryType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.gradlens.UserInputException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF6;
import org.apache.spark.sql.api.java.UDF9;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Function1;
import scala.collection.Seq;

/**
 * Single looks from Spark SQL and notebooks. For whole data sets call {@link Gradlens#explain},
 * which runs in batches.
 *
 * <ul>
 *   <li>{@code gradcam(content, model [, target [, layer [, method [, preprocess]]]])}: a struct
 *       with the columns of {@code explanations} and {@code error}, null where all went well
 *   <li>{@code heatmap_png(heatmap, h, w [, colormap [, width, height]])}: the map in colours
 *   <li>{@code overlay_png(content, heatmap, h, w [, colormap [, crop_x, crop_y, crop_width,
 *       crop_height]])}: the picture, or the part of it that the network saw, under the map
 *   <li>{@code image_content(uri)}: the bytes of a picture's file, such as that of {@code
 *       image_uri}; null where it cannot be read, as that of a hashed path
 *   <li>{@code thumbnail_jpeg(content [, side [, crop_x, crop_y, crop_width, crop_height]])}: a
 *       small copy of a picture, or of a part of it, for pages with many of them
 * </ul>
 *
 * <p>None of them throws: what cannot be done gives an {@code error}, or a null picture. All are
 * non-deterministic in Spark's sense, so that a filter on one of their fields does not compute them
 * twice (SPARK-47672).
 */
public final class GradlensFunctions {

  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType);

  private GradlensFunctions() {}

  /**
   * Registers the functions with everything that {@code gradcam} does not ask for at its default.
   */
  public static void register(SparkSession spark) {
    register(spark, ExplainOptions.of("").build());
  }

  /**
   * Registers the functions.
   *
   * @param defaults for all that {@code gradcam}'s arguments leave open; its model is not used
   */
  public static void register(SparkSession spark, ExplainOptions defaults) {
    ImageBytes bytes = ImageBytes.in(spark);
    var look = new SingleLook(bytes, defaults);
    UDF6<byte[], String, String, String, String, String, Row> gradcam = look::explain;
    register(
        spark,
        "gradcam",
        2,
        udf(gradcam, Schemas.LOOK),
        BinaryType,
        StringType,
        StringType,
        StringType,
        StringType,
        StringType);
    UDF6<Seq<Float>, Integer, Integer, String, Integer, Integer, byte[]> heatmap =
        Pictures::heatmap;
    register(
        spark,
        "heatmap_png",
        3,
        udf(heatmap, BinaryType),
        FLOATS,
        IntegerType,
        IntegerType,
        StringType,
        IntegerType,
        IntegerType);
    UDF9<byte[], Seq<Float>, Integer, Integer, String, Integer, Integer, Integer, Integer, byte[]>
        overlay = Pictures::overlay;
    register(
        spark,
        "overlay_png",
        4,
        udf(overlay, BinaryType),
        BinaryType,
        FLOATS,
        IntegerType,
        IntegerType,
        StringType,
        IntegerType,
        IntegerType,
        IntegerType,
        IntegerType);
    UDF1<String, byte[]> content = bytes::at;
    register(spark, "image_content", 1, udf(content, BinaryType), StringType);
    UDF6<byte[], Integer, Integer, Integer, Integer, Integer, byte[]> thumbnail =
        Pictures::thumbnail;
    register(
        spark,
        "thumbnail_jpeg",
        1,
        udf(thumbnail, BinaryType),
        BinaryType,
        IntegerType,
        IntegerType,
        IntegerType,
        IntegerType,
        IntegerType);
  }

  /** What is left out becomes null: Spark's own registration wants one number of arguments. */
  private static void register(
      SparkSession spark, String name, int least, UserDefinedFunction function, DataType... types) {
    UserDefinedFunction once = function.asNondeterministic().withName(name);
    Function1<Seq<Expression>, Expression> builder =
        arguments -> {
          if (arguments.size() < least || arguments.size() > types.length) {
            throw new UserInputException(
                "%s takes %d to %d arguments, got %d."
                    .formatted(name, least, types.length, arguments.size()));
          }
          Column[] columns = new Column[types.length];
          for (int i = 0; i < types.length; i++) {
            Column given =
                i < arguments.size() ? new Column(arguments.apply(i)) : functions.lit(null);
            columns[i] = given.cast(types[i]);
          }
          return once.apply(columns).expr();
        };
    spark.sessionState().functionRegistry().createOrReplaceTempFunction(name, builder, "scala_udf");
  }
}
