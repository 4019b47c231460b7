package io.gradlens.model.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradlens.model.layer.Concatenate;
import io.gradlens.model.layer.Crop2D;
import io.gradlens.model.layer.GlobalPool2D;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.Pad2D;
import io.gradlens.model.layer.Permute;
import io.gradlens.model.layer.Pool2D;
import io.gradlens.model.layer.Reshape;
import io.gradlens.model.layer.UpSample2D;
import io.gradlens.model.layer.Window;
import java.util.Arrays;
import java.util.List;

/** Keras' pooling, padding, resampling and rearranging layers. */
final class KerasShapes {

  private KerasShapes() {}

  static KerasTranslation pool(Pool2D.Kind kind) {
    return context -> {
      KerasLayer layer = context.layer();
      int[] size = layer.pair("pool_size", new int[] {2, 2});
      int[] stride = layer.pair("strides", size);
      boolean same = KerasConvolutions.isSame(layer);
      Window window = Window.of(size[0], size[1], stride[0], stride[1], same);
      return List.of(new Pool2D(kind, window, false));
    };
  }

  static KerasTranslation globalPool(Pool2D.Kind kind) {
    return context -> List.of(new GlobalPool2D(kind, context.layer().flag("keepdims", false)));
  }

  static List<Op> concatenate(KerasContext context) {
    int axis = context.layer().integer("axis", -1);
    int withBatch = axis < 0 ? axis + context.input().length + 1 : axis;
    if (withBatch < 1) {
      throw context.layer().problem("joins along the batch axis");
    }
    return List.of(new Concatenate(withBatch - 1));
  }

  static List<Op> pad(KerasContext context) {
    int[] m = margins(context.layer(), "padding");
    return List.of(new Pad2D(m[0], m[1], m[2], m[3]));
  }

  static List<Op> crop(KerasContext context) {
    int[] m = margins(context.layer(), "cropping");
    return List.of(new Crop2D(m[0], m[1], m[2], m[3]));
  }

  static List<Op> upSample(KerasContext context) {
    KerasLayer layer = context.layer();
    int[] factor = layer.pair("size", new int[] {2, 2});
    String filter = layer.text("interpolation", "nearest");
    if (!filter.equals("nearest") && !filter.equals("bilinear")) {
      throw layer.problem("interpolates by '" + filter + "'; nearest and bilinear are supported");
    }
    return List.of(new UpSample2D(factor[0], factor[1], filter.equals("bilinear")));
  }

  static List<Op> flatten(KerasContext context) {
    return List.of(new Reshape(-1));
  }

  static List<Op> reshape(KerasContext context) {
    return List.of(new Reshape(integers(context.layer(), "target_shape")));
  }

  static List<Op> permute(KerasContext context) {
    return List.of(new Permute(integers(context.layer(), "dims")));
  }

  private static int[] integers(KerasLayer layer, String key) {
    return Arrays.stream(layer.numbers(key)).mapToInt(v -> (int) v).toArray();
  }

  /** Top, bottom, left, right from n, [vertical,horizontal] or [[top,bottom],[left,right]]. */
  private static int[] margins(KerasLayer layer, String key) {
    JsonNode setting = layer.setting(key);
    int[] n = integers(layer, key);
    if (n.length == 1) {
      return new int[] {n[0], n[0], n[0], n[0]};
    }
    if (n.length == 2 && setting.path(0).isNumber()) {
      return new int[] {n[0], n[0], n[1], n[1]};
    }
    if (n.length != 4) {
      throw layer.problem("has %s %s; four margins are expected".formatted(key, setting));
    }
    return n;
  }
}
