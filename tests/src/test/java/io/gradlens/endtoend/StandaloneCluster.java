package io.gradlens.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Spark's standalone Master and Workers as processes of their own. Each Worker offers two cores:
 * one for an executor and one for the driver of cluster mode. Closing it ends every process that
 * came of it; logs and work folders stay under {@code tests/target/clusters}.
 */
final class StandaloneCluster implements AutoCloseable {

  /** Where spark-submit runs the command. */
  enum DeployMode {
    CLIENT,
    CLUSTER;

    String option() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One executor of one core and a heap of 1 GB on each of two Workers; tasks wait for both. */
  private static final Map<String, String> EXECUTORS =
      Map.of(
          "spark.executor.cores",
          "1",
          "spark.cores.max",
          "2",
          "spark.scheduler.minRegisteredResourcesRatio",
          "1",
          "spark.executor.memory",
          "1g",
          "spark.driver.memory",
          "1g");

  /** Commands of a few seconds do not get back what C2 costs. */
  private static final String QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern PAGE = Pattern.compile("MasterWebUI.* started at (http://\\S+)");

  private final Path folder;
  private final Path conf;
  private final String master;
  private final String page;
  private final Process masterProcess;
  private final List<Process> workers = new ArrayList<>();

  /** Every process that was ever seen: those of a killed Worker are nobody's children. */
  private final Set<ProcessHandle> seen = ConcurrentHashMap.newKeySet();

  private StandaloneCluster(Path folder, Path conf) throws Exception {
    this.folder = folder;
    this.conf = conf;
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    masterProcess =
        daemon(
            "master", "master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0");
    try {
      Path log = folder.resolve("master.log");
      await("the Master", () -> find(MASTER, log) != null && find(PAGE, log) != null);
      master = find(MASTER, log);
      page = find(PAGE, log);
    } catch (Throwable e) {
      masterProcess.destroyForcibly();
      throw e;
    }
  }

  /**
   * Starts a Master and Workers and waits until they know each other.
   *
   * @param name of the folder for logs and work, under {@code tests/target/clusters}
   * @param settings Spark's, for the processes of the cluster, such as {@code spark.authenticate}
   */
  static StandaloneCluster start(String name, int workers, Map<String, String> settings)
      throws Exception {
    Path folder = CommandLine.root().resolve("tests/target/clusters").resolve(name);
    Path conf = Files.createDirectories(folder.resolve("conf"));
    write(conf.resolve("spark-defaults.conf"), settings);
    var cluster = new StandaloneCluster(folder, conf);
    try {
      for (int i = 0; i < workers; i++) {
        cluster.addWorker();
      }
    } catch (Throwable e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  /** Starts one Worker more and waits until the Master has it. */
  Process addWorker() throws Exception {
    int before = state().get("aliveworkers").asInt();
    String name = "worker-" + (workers.size() + 1);
    Process worker =
        daemon(
            name,
            "worker.Worker",
            "--host",
            "127.0.0.1",
            "--cores",
            "2",
            "--memory",
            "3g",
            "--webui-port",
            "0",
            "--work-dir",
            folder.resolve(name).toString(),
            master);
    workers.add(worker);
    await(name, () -> state().get("aliveworkers").asInt() > before);
    return worker;
  }

  private Process daemon(String name, String type, String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                SparkHome.unpacked().resolve("bin/spark-class").toString(),
                "org.apache.spark.deploy." + type));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(SparkHome.environment());
    builder.environment().put("SPARK_CONF_DIR", conf.toString());
    builder.environment().put("SPARK_DAEMON_MEMORY", "256m");
    builder.environment().put("SPARK_DAEMON_JAVA_OPTS", QUICK);
    // Executors inherit it; Gradlens sets it by itself.
    builder.environment().remove("OMP_NUM_THREADS");
    builder.redirectErrorStream(true).redirectOutput(folder.resolve(name + ".log").toFile());
    Process process = builder.start();
    seen.add(process.toHandle());
    return process;
  }

  /** The Master's address. */
  String master() {
    return master;
  }

  /** Logs of the Master and the Workers, and the Workers' folders. */
  Path folder() {
    return folder;
  }

  /** The Workers in the order of their start; some may be dead. */
  List<Process> workers() {
    return Collections.unmodifiableList(workers);
  }

  /** The executors that live, of all Workers and applications. */
  List<ProcessHandle> executors() {
    return children("org.apache.spark.executor.CoarseGrainedExecutorBackend");
  }

  /** The drivers of cluster mode that live. */
  List<ProcessHandle> drivers() {
    return children("org.apache.spark.deploy.worker.DriverWrapper");
  }

  private List<ProcessHandle> children(String main) {
    remember();
    return seen.stream()
        .filter(ProcessHandle::isAlive)
        .filter(process -> process.info().commandLine().orElse("").contains(main))
        .toList();
  }

  private void remember() {
    Stream.concat(Stream.of(masterProcess), workers.stream())
        .flatMap(Process::descendants)
        .forEach(seen::add);
  }

  /** Kills a process as {@code kill -9} does, and waits for its end. */
  void kill(ProcessHandle process) throws Exception {
    remember();
    process.destroyForcibly();
    process.onExit().get(1, TimeUnit.MINUTES);
  }

  /** What the Master's page says, as JSON: workers, applications and drivers. */
  JsonNode state() {
    try {
      return new ObjectMapper().readTree(URI.create(page + "/json/").toURL());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the executors of the application that ended last have logged, a text for each. */
  List<String> executorLogs() throws IOException {
    JsonNode ended = state().get("completedapps");
    Path id = Path.of(ended.get(ended.size() - 1).get("id").asText());
    List<String> logs = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder, 4)) {
      for (Path file : files.filter(each -> each.endsWith("stderr")).toList()) {
        if (file.getParent().getParent().endsWith(id)) {
          logs.add(Files.readString(file));
        }
      }
    }
    return logs;
  }

  /**
   * Submits a command with the shaded jar and {@code conf/spark-cluster.conf}, and waits for
   * spark-submit's end.
   *
   * @param work the working folder, for spark-submit's output too
   * @param settings Spark's, beside those of the file
   */
  CommandLine.Result submit(
      DeployMode mode, Path work, Map<String, String> settings, List<String> args)
      throws Exception {
    return CommandLine.result(work, startSubmit(mode, work, settings, args));
  }

  /** The same without waiting. */
  Process startSubmit(DeployMode mode, Path work, Map<String, String> settings, List<String> args)
      throws IOException {
    Path properties = Files.createTempFile(folder, "submit", ".conf");
    Properties all = new Properties();
    try (var file =
        Files.newBufferedReader(CommandLine.root().resolve("conf/spark-cluster.conf"))) {
      all.load(file);
    }
    all.merge("spark.driver.extraJavaOptions", QUICK, (given, more) -> given + " " + more);
    all.put("spark.executor.extraJavaOptions", QUICK);
    all.putAll(EXECUTORS);
    all.putAll(settings);
    write(properties, all);
    List<String> command =
        new ArrayList<>(
            List.of(
                SparkHome.unpacked().resolve("bin/spark-submit").toString(),
                "--master",
                master,
                "--deploy-mode",
                mode.option(),
                "--properties-file",
                properties.toString(),
                "--class",
                "io.gradlens.jobs.Gradlens",
                CommandLine.jar().orElseThrow().toString()));
    command.addAll(args);
    Process process = CommandLine.started(work, command);
    seen.add(process.toHandle());
    return process;
  }

  private static void write(Path file, Map<?, ?> settings) throws IOException {
    List<String> lines = new ArrayList<>();
    settings.forEach((key, value) -> lines.add(key + " " + value));
    Files.write(file, lines);
  }

  private static String find(Pattern pattern, Path log) {
    try {
      Matcher matcher = pattern.matcher(Files.readString(log));
      return matcher.find() ? matcher.group(1) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits up to a minute. */
  void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("Waited a minute for " + what + "; logs are in " + folder);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Override
  public void close() {
    remember();
    seen.forEach(ProcessHandle::destroyForcibly);
  }
}
