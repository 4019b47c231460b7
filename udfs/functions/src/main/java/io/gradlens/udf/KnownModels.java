package io.gradlens.udf;

import java.io.File;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;

/**
 * The models that SQL has named in this JVM, so that a file is not read again for every row; a
 * local file that changes is.
 */
final class KnownModels {

  private static final Map<String, ModelFile> FILES = new ConcurrentHashMap<>();

  private KnownModels() {}

  static ModelFile at(String location, Configuration hadoop) {
    return FILES.computeIfAbsent(
        location + "@" + new File(location).lastModified(),
        key -> ModelFile.locate(location, hadoop));
  }
}
