package io.gradlens.model.keras;

import io.gradlens.model.layer.Op;
import java.util.List;

/** Turns one class of Keras layers into ops. */
@FunctionalInterface
interface KerasTranslation {

  /** The layer's ops; each but the first takes the output of the one before. */
  List<Op> translate(KerasContext context);
}
