package io.gradlens.jobs;

import io.gradlens.UserInputException;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gradlens pack}: image files become one table, which other commands take as images. */
@Command(
    name = "pack",
    mixinStandardHelpOptions = true,
    versionProvider = Gradlens.Version.class,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = "Pack image files into one Parquet table, for data sets of very many files.")
final class PackCommand implements Callable<Integer> {

  @Option(names = "--images", paramLabel = "PATH", description = "Folder or glob of image files.")
  String images;

  @Option(
      names = "--labels",
      paramLabel = "WHERE",
      description = "parent-folder, FILE.csv or none. Default: none.")
  String labels;

  @Option(
      names = "--rows-per-file",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Images in a Parquet file, at most. Default: ${DEFAULT-VALUE}.")
  int rowsPerFile;

  @Mixin FailureThreshold threshold;

  @Mixin RunOptions run;

  @Override
  public Integer call() {
    run.require("--images", images);
    run.require("--output", run.output);
    run.check();
    if (rowsPerFile < 1) {
      throw new UserInputException(
          "Option --rows-per-file must be at least 1, got %d.".formatted(rowsPerFile));
    }
    threshold.check();
    if (run.retryFailures) {
      throw new UserInputException(
          "Option --retry-failures does nothing for pack: mend the files, and --overwrite.");
    }
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    return new PackJob(this, hadoop).run();
  }
}
