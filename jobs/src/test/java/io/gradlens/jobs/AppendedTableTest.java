package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendedTableTest {

  @Test
  void whatTasksOfADeadDriverCommitMeanwhileIsNotAdded(@TempDir Path folder) throws Exception {
    SparkSession spark = Workspace.spark();
    Path path = folder.resolve("table");
    Dataset<Row> rows = spark.range(0, 3).toDF();
    var table =
        new AppendedTable(spark, new org.apache.hadoop.fs.Path(path.toUri()), rows.schema());
    table.append(rows);
    Path committed;
    try (var files = Files.list(path)) {
      committed = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    for (int attempt = 0; attempt < 3; attempt++) {
      Path left = path.resolve("_temporary/%d/task_202601010000_0001_m_000000".formatted(attempt));
      Files.createDirectories(left);
      Files.copy(committed, left.resolve("part-00000-x.parquet"));
    }

    table.append(spark.range(3, 5).toDF());

    List<Long> ids = table.rows().toJavaRDD().map(row -> row.getLong(0)).collect();
    assertThat(ids).containsExactlyInAnyOrderElementsOf(LongStream.range(0, 5).boxed().toList());
    assertThat(path.resolve("_temporary")).doesNotExist();
  }
}
