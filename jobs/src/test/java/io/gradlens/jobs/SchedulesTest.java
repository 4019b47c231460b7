package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;

/**
 * The files of conf/schedules: each is read by its own tool where there is one, and the command in
 * it by the command line.
 */
class SchedulesTest {

  private static final Path SCHEDULES =
      Path.of(System.getProperty("gradlens.root"), "conf", "schedules");
  private static final String TODAY = "/srv/gradlens/[0-9]{4}-[0-9]{2}-[0-9]{2}";

  @TempDir private Path folder;

  /** What a process left. */
  private record Ended(int status, String out) {}

  private Ended run(String... command) throws Exception {
    return run(Map.of(), command);
  }

  private Ended run(Map<String, String> environment, String... command) throws Exception {
    Path out = folder.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), Files.readString(out));
  }

  private static boolean isThere(String tool) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(each -> Files.isExecutable(Path.of(each, tool)));
  }

  /** A program that writes its arguments into a file and ends as it is told. */
  private Path recorder(String name) throws IOException {
    Path program = Files.createDirectories(folder.resolve("bin")).resolve(name);
    Files.writeString(
        program, "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$0.args\"\necho log\nexit ${STATUS:-0}\n");
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private List<String> recorded(String name) throws IOException {
    return Files.readAllLines(folder.resolve("bin").resolve(name + ".args"));
  }

  /** The command line takes the arguments, and the configuration that they name. */
  private static void requireAccepted(List<String> arguments, Path configuration) {
    assertThat(arguments).startsWith("explain").contains("--config", "/etc/gradlens/nightly.conf");
    CommandLine commandLine = new CommandLine(new Gradlens()).setOverwrittenOptionsAllowed(true);
    String[] ours =
        arguments.stream()
            .map(each -> each.equals("/etc/gradlens/nightly.conf") ? "" + configuration : each)
            .toArray(String[]::new);
    ExplainCommand command =
        (ExplainCommand)
            commandLine
                .parseArgs(ConfigFile.expand(ours, commandLine))
                .subcommand()
                .commandSpec()
                .userObject();
    assertThat(command.images).isNotEmpty();
    assertThat(command.run.output).isNotEmpty();
    assertThat(command.threshold.fraction).isEqualTo(0.01);
  }

  /** Keys and values by section. */
  private static Map<String, Map<String, String>> unit(String name) throws IOException {
    Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    Map<String, String> section = null;
    for (String line : Files.readAllLines(SCHEDULES.resolve(name))) {
      if (line.startsWith("[")) {
        section = new LinkedHashMap<>();
        sections.put(line.substring(1, line.length() - 1), section);
      } else if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split("=", 2);
        assertThat(section.put(parts[0], parts[1])).as(line).isNull();
      }
    }
    return sections;
  }

  /** What {@code ExecStart} gives the shell, as systemd does. */
  private static String script(String unit) throws IOException {
    String start = unit(unit).get("Service").get("ExecStart");
    String before = "/bin/bash -c '";
    assertThat(start).startsWith(before).endsWith("'");
    return start
        .substring(before.length(), start.length() - 1)
        .replace("%%", "%")
        .replace("$$", "$");
  }

  @Test
  void systemdStartsTheCommandAtNightAndTellsWhatFailed() throws Exception {
    String script =
        script("gradlens-nightly.service")
            .replace("/opt/gradlens/gradlens", recorder("gradlens").toString());
    assertThat(run(Map.of("STATUS", "4"), "bash", "-c", script).status()).isEqualTo(4);
    assertThat(recorded("gradlens").get(4)).matches(TODAY);
    requireAccepted(recorded("gradlens"), SCHEDULES.resolve("nightly.conf"));

    Map<String, Map<String, String>> service = unit("gradlens-nightly.service");
    assertThat(service.get("Unit")).containsEntry("OnFailure", "gradlens-nightly-alert.service");
    // Without a list of further successes, all but 0 are failures.
    assertThat(service.get("Service"))
        .doesNotContainKey("SuccessExitStatus")
        .containsEntry("RestartPreventExitStatus", "1 2 4");
    assertThat(unit("gradlens-nightly.timer").get("Timer"))
        .containsEntry("OnCalendar", "*-*-* 02:30:00");

    recorder("mail");
    recorder("journalctl");
    String path = folder.resolve("bin") + ":" + System.getenv("PATH");
    Map<String, String> breached = Map.of("PATH", path, "MONITOR_EXIT_STATUS", "4");
    assertThat(run(breached, "bash", "-c", script("gradlens-nightly-alert.service")).status())
        .isZero();
    assertThat(recorded("mail").get(1)).contains("a threshold was breached");
  }

  @Test
  void systemdReadsItsUnits() throws Exception {
    assumeTrue(isThere("systemd-analyze"), "systemd-analyze is not here");
    // It wants programs to be there that units start; the launcher is started by a shell.
    Ended verified =
        run(
            "systemd-analyze",
            "verify",
            "--man=no",
            SCHEDULES.resolve("gradlens-nightly.service").toString(),
            SCHEDULES.resolve("gradlens-nightly.timer").toString(),
            SCHEDULES.resolve("gradlens-nightly-alert.service").toString());
    assertThat(verified.out().lines().filter(line -> line.contains("gradlens"))).isEmpty();
    Ended calendar =
        run(
            "systemd-analyze",
            "calendar",
            unit("gradlens-nightly.timer").get("Timer").get("OnCalendar"));
    assertThat(calendar.status()).as(calendar.out()).isZero();
  }

  private static void requireHalfPastTwo(Cron cron) {
    ZonedDateTime noon = ZonedDateTime.of(2026, 1, 31, 12, 0, 0, 0, ZoneOffset.UTC);
    assertThat(ExecutionTime.forCron(cron).nextExecution(noon))
        .contains(ZonedDateTime.of(2026, 2, 1, 2, 30, 0, 0, ZoneOffset.UTC));
  }

  private static Cron cron(String expression) {
    return new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
        .parse(expression);
  }

  @Test
  void cronStartsTheCommandOnceAndMailsWhatFailed() throws Exception {
    List<String> lines =
        Files.readAllLines(SCHEDULES.resolve("gradlens-nightly.cron")).stream()
            .filter(line -> Character.isDigit(line.isEmpty() ? '#' : line.charAt(0)))
            .toList();
    assertThat(lines).hasSize(1);
    String[] fields = lines.get(0).split(" ", 7);
    requireHalfPastTwo(cron(String.join(" ", Arrays.copyOf(fields, 5))));
    assertThat(fields[5]).isEqualTo("gradlens");
    assertThat(fields[6].replace("\\%", "")).doesNotContain("%");

    assumeTrue(isThere("flock"), "flock is not here");
    String script =
        fields[6]
            .replace("\\%", "%")
            .replace("/var/lock/", folder + "/")
            .replace("/var/log/gradlens/", folder + "/")
            .replace("/opt/gradlens/gradlens", recorder("gradlens").toString());
    assertThat(run("bash", "-c", script)).isEqualTo(new Ended(0, ""));
    assertThat(recorded("gradlens").get(4)).matches(TODAY);
    requireAccepted(recorded("gradlens"), SCHEDULES.resolve("nightly.conf"));
    assertThat(run(Map.of("STATUS", "4"), "bash", "-c", script).out())
        .startsWith("Gradlens: a threshold was breached")
        .endsWith("log\n");
    assertThat(run(Map.of("STATUS", "3"), "bash", "-c", script).out())
        .startsWith("Gradlens: failed with status 3");
  }

  @Test
  void airflowSubmitsTheCommandAndRepeatsOnlyWhatMayHelp() throws Exception {
    assumeTrue(isThere("python3"), "python3 is not here");
    Ended ended =
        run(
            "python3",
            SCHEDULES.resolve("../../jobs/src/test/python/airflow_dag.py").toString(),
            SCHEDULES.resolve("gradlens_nightly.py").toString());
    assertThat(ended.status()).as(ended.out()).isZero();
    JsonNode dag = new ObjectMapper().readTree(ended.out());
    assertThat(dag.get("java_class").asText()).isEqualTo(Gradlens.class.getName());
    List<String> arguments = new ArrayList<>();
    dag.get("application_args").forEach(each -> arguments.add(each.asText()));
    requireAccepted(arguments, SCHEDULES.resolve("nightly.conf"));
    requireHalfPastTwo(cron(dag.get("schedule").asText()));
    assertThat(dag.get("raised").get("4").asText())
        .startsWith("AirflowFailException: Gradlens: a threshold was breached");
    assertThat(dag.get("raised").get("2").asText()).startsWith("AirflowFailException: ");
    assertThat(dag.get("raised").get("3").asText()).startsWith("AirflowException: Cannot execute");
    assertThat(dag.get("raised").get("null").asText()).startsWith("AirflowException: no number");
  }

  @Test
  void kubernetesRunsTheCommandAsTheOperatorsSchemaHasIt() throws Exception {
    List<Map<String, Object>> documents = new ArrayList<>();
    for (Object each :
        new Yaml().loadAll(Files.readString(SCHEDULES.resolve("gradlens-nightly.yaml")))) {
      documents.add(map(each));
    }
    Map<String, Object> schedule = documents.get(1);
    assertThat(schedule).containsOnlyKeys("apiVersion", "kind", "metadata", "spec");
    assertThat(schedule.get("apiVersion")).isEqualTo("sparkoperator.k8s.io/v1beta2");
    assertThat(schedule.get("kind")).isEqualTo("ScheduledSparkApplication");
    Map<String, Object> spec = map(schedule.get("spec"));
    assertThat(spec.keySet())
        .isSubsetOf(
            "schedule",
            "concurrencyPolicy",
            "successfulRunHistoryLimit",
            "failedRunHistoryLimit",
            "suspend",
            "timeZone",
            "template");
    assertThat(spec.get("concurrencyPolicy")).isIn("Allow", "Forbid", "Replace");
    requireHalfPastTwo(cron(spec.get("schedule").toString()));

    Map<String, Object> application = map(spec.get("template"));
    assertThat(application.get("type")).isIn("Java", "Scala", "Python", "R");
    assertThat(application.get("mode")).isIn("cluster", "client", "in-cluster-client");
    assertThat(application).containsKeys("sparkVersion", "driver", "executor", "restartPolicy");
    assertThat(application.get("mainClass")).isEqualTo(Gradlens.class.getName());
    assertThat(application.get("mainApplicationFile").toString()).startsWith("local:///");
    assertThat(map(application.get("restartPolicy")).keySet())
        .isSubsetOf(
            "type",
            "onFailureRetries",
            "onFailureRetryInterval",
            "onSubmissionFailureRetries",
            "onSubmissionFailureRetryInterval");
    for (String each : List.of("driver", "executor")) {
      Map<String, Object> pod = map(application.get(each));
      assertThat(pod.get("cores")).isInstanceOf(Integer.class);
      assertThat(pod.get("memory").toString()).matches("[0-9]+[mg]");
    }
    List<String> arguments =
        ((List<?>) application.get("arguments")).stream().map(Object::toString).toList();
    Map<String, Object> configuration = map(documents.get(0).get("data"));
    assertThat(configuration).containsOnlyKeys("nightly.conf");
    Path file =
        Files.writeString(
            folder.resolve("nightly.conf"),
            configuration.get("nightly.conf").toString().replace("${GRADLENS_RUN}", "gradlens-1"));
    requireAccepted(arguments, file);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }
}
