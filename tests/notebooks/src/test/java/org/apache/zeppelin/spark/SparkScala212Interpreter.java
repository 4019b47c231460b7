package org.apache.zeppelin.spark;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.util.List;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.apache.zeppelin.interpreter.InterpreterContext;
import org.apache.zeppelin.interpreter.InterpreterGroup;
import org.apache.zeppelin.interpreter.thrift.InterpreterCompletion;
import org.apache.zeppelin.interpreter.util.InterpreterOutputStream;
import org.slf4j.LoggerFactory;
import scala.tools.nsc.Settings;
import scala.tools.nsc.interpreter.IMain;
import scala.tools.nsc.interpreter.Results;

/**
 * Zeppelin's shell for Scala 2.12, started by Scala's own interpreter: the class of this name in
 * Zeppelin's jar does not start on Scala 2.12.18. This one stands before it on the class path. All
 * else (contexts, forms, output, results) is Zeppelin's.
 */
public final class SparkScala212Interpreter extends BaseSparkScalaInterpreter {

  private final InterpreterOutputStream output =
      new InterpreterOutputStream(LoggerFactory.getLogger(SparkScala212Interpreter.class));
  private IMain shell;

  /** As Zeppelin calls it, by reflection. */
  public SparkScala212Interpreter(
      SparkConf conf,
      List<String> files,
      Properties properties,
      InterpreterGroup group,
      URLClassLoader loader) {
    super(conf, files, properties, group, loader);
  }

  @Override
  public void open() {
    super.open();
    // Compiled paragraphs go where Spark serves them to its tasks from.
    File classes;
    try {
      classes = Files.createTempDirectory("notebook-classes").toFile();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a folder for compiled paragraphs", e);
    }
    classes.deleteOnExit();
    conf().set("spark.repl.class.outputDir", classes.getPath());
    Settings settings = new Settings();
    settings.processArguments(
        scala.collection.JavaConverters.asScalaBuffer(
                List.of("-Yrepl-class-based", "-Yrepl-outdir", classes.getPath()))
            .toList(),
        true);
    settings.embeddedDefaults(sparkInterpreterClassLoader());
    settings.usejavacp().v_$eq(true);
    shell = new IMain(settings, new PrintWriter(output, true));
    shell.initializeSynchronous();
    createSparkContext();
    createZeppelinContext();
  }

  @Override
  public InterpreterOutputStream interpreterOutput() {
    return output;
  }

  @Override
  public Results.Result scalaInterpret(String code) {
    return shell.interpret(code);
  }

  @Override
  public void bind(
      String name, String type, Object value, scala.collection.immutable.List<String> modifiers) {
    shell.beQuietDuring(() -> shell.bind(name, type, value, modifiers));
  }

  @Override
  public ClassLoader getScalaShellClassLoader() {
    return shell.classLoader();
  }

  @Override
  public List<InterpreterCompletion> completion(
      String code, int cursor, InterpreterContext context) {
    return List.of();
  }

  @Override
  public void close() {
    super.close();
    shell.close();
  }
}
