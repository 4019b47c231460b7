package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.udf.Schemas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.crypto.keytools.KeyToolkit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code conf/encryption.conf} with a key management service of the test's. */
class EncryptionTest {

  private static final String PREFIX = "spark.hadoop.";
  private static final String COLUMN_KEYS = PREFIX + "parquet.encryption.column.keys";
  private static final Map<String, String> KEYS =
      Map.of("maps", "sixteen letters!", "footer", "and sixteen more", "names", "the third of all");

  private Workspace work;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    work = new Workspace(folder).withPictures(8);
    work.write("bad.png", new byte[] {1});
  }

  @AfterEach
  void giveModelBack() {
    Workspace.spark().stop();
    work.close();
  }

  private static SparkSettings encrypted(Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put(PREFIX + "parquet.encryption.kms.client.class", WrappingKms.class.getName());
    KEYS.forEach((name, key) -> settings.put(PREFIX + WrappingKms.KEY + name, key));
    settings.putAll(more);
    return SparkSettings.of("encryption.conf", settings);
  }

  private int explain(String... more) {
    return work.explain(
        ExplainCommandTest.withMore(
            new String[] {"--overlay", "png", "--signed", "--max-failure-fraction", "1"}, more));
  }

  /** A session has the settings that there are when it is made. */
  private Dataset<Row> explanations() {
    SparkSession.active().stop();
    return work.table("explanations", Schemas.EXPLANATIONS);
  }

  @Test
  void mapsAndOverlaysCannotBeReadWithoutTheKeyAndAllElseCan() throws Exception {
    assertThat(explain()).isZero();
    Map<String, String> plain = work.content();
    Workspace.spark().stop();
    try (SparkSettings keys = encrypted(Map.of())) {
      assertThat(explain("--overwrite")).as(work.err).isZero();
      assertThat(work.content()).isEqualTo(plain);
      assertThat(work.failures()).hasSize(1);
      for (Path file : work.parquetFiles("explanations")) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .endsWith("PAR1")
            .doesNotContain("\u0089PNG");
      }
    }

    Dataset<Row> locked = explanations();
    assertThat(locked.select(Schemas.IMAGE_URI, "predicted_probability").collectAsList())
        .hasSize(8);
    for (String column : List.of(Schemas.HEATMAP, Schemas.SIGNED_MAP, Schemas.OVERLAY_PNG)) {
      assertThatThrownBy(() -> locked.select(column).collectAsList()).as(column).isNotNull();
    }

    Map<String, String> wrong = Map.of(PREFIX + WrappingKms.KEY + "maps", "sixteen letters?");
    try (SparkSettings keys = encrypted(wrong)) {
      Dataset<Row> unlocked = explanations();
      // Parquet remembers unwrapped keys for ten minutes.
      KeyToolkit.removeCacheEntriesForAllTokens();
      assertThatThrownBy(() -> unlocked.select(Schemas.HEATMAP).collectAsList())
          .hasStackTraceContaining("The key maps is another");
    }
  }

  @Test
  void encryptedTablesAreResumed() throws Exception {
    try (SparkSettings keys = encrypted(Map.of())) {
      String[] options = {"--shard-size", "3"};
      assertThat(explain(options)).as(work.err).isZero();
      Map<String, String> whole = work.content();
      work.pretendKilled();
      work.loseEveryOtherFile("explanations");
      assertThat(work.content()).hasSizeLessThan(8);

      assertThat(explain(options)).as(work.err).isZero();

      assertThat(work.content()).isEqualTo(whole);
      assertThat(work.failures()).hasSize(1);
      assertThat(work.record().attempt).isEqualTo(2);
    }
  }

  @Test
  void packedPicturesAreReadWithTheKeyAndOtherwiseRefusedInOneLine() throws Exception {
    Map<String, String> wholeFiles =
        Map.of(
            COLUMN_KEYS,
            "names:path,image_uri;maps:content",
            PREFIX + "parquet.encryption.plaintext.footer",
            "false");
    Path packed = work.folder.resolve("packed");
    String table = packed.resolve("images").toString();
    try (SparkSettings keys = encrypted(wholeFiles)) {
      String[] pack = {"pack", "--images", work.images.toString(), "--output", packed.toString()};
      assertThat(work.run(pack)).as(work.err).isZero();
      assertThat(explain("--images", table)).as(work.err).isZero();
      assertThat(work.explanations()).hasSize(8);
      Workspace.spark().stop();
    }

    assertThat(explain("--images", table, "--overwrite")).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err.lines()).hasSize(1);
    assertThat(work.err).contains(table);
  }

  @Test
  void columnThatNoTableHasIsRefused() throws Exception {
    try (SparkSettings keys = encrypted(Map.of(COLUMN_KEYS, "maps:heatmap"))) {
      assertThat(explain()).isEqualTo(ExitStatus.BAD_INPUT);
      assertThat(work.err.lines()).hasSize(1);
      assertThat(work.err).contains("'heatmap'", "heatmap.list.element");
    }
  }
}
