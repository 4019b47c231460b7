package io.gradlens.udf;

import java.util.Iterator;
import org.apache.spark.sql.Row;

/** Reads images and says which they are, as {@link Schemas#IDENTITIES}. */
record IdentifyPartition(Iterator<Row> images, ImageBytes bytes, ExplainPlan plan)
    implements Iterator<Row> {

  @Override
  public boolean hasNext() {
    return images.hasNext();
  }

  @Override
  public Row next() {
    Row image = images.next();
    String path = image.getAs(Schemas.PATH);
    String sha256;
    try {
      sha256 = Digests.sha256(HeapTurns.take(null, () -> bytes.of(image)));
    } catch (ImageFailure unreadable) {
      sha256 = null;
    }
    return new TableRow(Schemas.IDENTITIES)
        .set(Schemas.PATH, path)
        .set(Schemas.LABEL, image.getAs(Schemas.LABEL))
        .set(Schemas.IMAGE_URI, plan.imageUri(path))
        .set(Schemas.IMAGE_SHA256, sha256)
        .toRow();
  }
}
