package io.gradlens.references;

import io.gradlens.cam.Upsampling;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Whether a heatmap's peak lies on the object, and how much of the heatmap does (Zhang et al. 2016;
 * Wang et al. 2020), after bilinear upsampling to the picture.
 */
record PointingGame(boolean hit, double energyInBox) {

  static PointingGame play(Row row, VocBoxes boxes) {
    int width = row.getAs("width");
    int height = row.getAs("height");
    int columns = row.getAs("heatmap_width");
    int rows = row.getAs("heatmap_height");
    List<Float> values = row.getList(row.fieldIndex("heatmap"));
    float[] map = new float[values.size()];
    for (int i = 0; i < map.length; i++) {
      map[i] = values.get(i);
    }
    float[] large = Upsampling.BILINEAR.resize(map, rows, columns, height, width);
    int peak = 0;
    double inside = 0;
    double all = 0;
    for (int i = 0; i < large.length; i++) {
      peak = large[i] > large[peak] ? i : peak;
      all += large[i];
      inside += boxes.contains(i % width, i / width) ? large[i] : 0;
    }
    return new PointingGame(
        boxes.contains(peak % width, peak / width), all == 0 ? 0 : inside / all);
  }
}
