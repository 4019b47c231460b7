package io.gradlens.jobs;

import io.gradlens.model.ModelSummary;
import io.gradlens.udf.ModelCache;
import io.gradlens.udf.ModelFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gradlens summary --model FILE}: the model's layers as Keras prints them. */
@Command(
    name = "summary",
    mixinStandardHelpOptions = true,
    versionProvider = Gradlens.Version.class,
    description = "Print a model's layers, output shapes and parameter counts.")
final class SummaryCommand implements Callable<Integer> {

  @Option(
      names = "--model",
      paramLabel = "FILE",
      required = true,
      description = "Keras .keras, .h5, .hdf5 or DL4J .zip.")
  String model;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "HOCON file whose keys are the long option names; the command line wins.")
  String config;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    ModelFile file =
        ModelFile.locate(model, SparkHadoopUtil.get().newConfiguration(new SparkConf()));
    try (ModelCache.Lease lease = file.open()) {
      var out = spec.commandLine().getOut();
      out.println("Model: \"%s\"".formatted(Path.of(file.path()).getFileName()));
      out.print(new ModelSummary(lease.model().layers()).render());
      out.flush();
    }
    return ExitStatus.DONE;
  }
}
