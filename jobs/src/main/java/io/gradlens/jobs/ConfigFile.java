package io.gradlens.jobs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.gradlens.UserInputException;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** {@code --config FILE}: HOCON whose keys are the long option names. */
final class ConfigFile {

  private ConfigFile() {}

  /**
   * Puts the file's settings before the command line's own options, so that those win.
   *
   * @param args a command and its options
   * @return the same, where there is no {@code --config}
   * @throws UserInputException if the file cannot be read or has a key that is no option
   */
  static String[] expand(String[] args, CommandLine gradlens) {
    String file = configOption(args);
    CommandLine command = args.length == 0 ? null : gradlens.getSubcommands().get(args[0]);
    if (file == null || command == null) {
      return args;
    }
    List<String> expanded = new ArrayList<>();
    expanded.add(args[0]);
    expanded.addAll(options(file, command));
    expanded.addAll(Arrays.asList(args).subList(1, args.length));
    return expanded.toArray(String[]::new);
  }

  private static String configOption(String[] args) {
    String file = null;
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith("--config=")) {
        file = args[i].substring("--config=".length());
      } else if (args[i].equals("--config") && i + 1 < args.length) {
        file = args[i + 1];
      }
    }
    return file;
  }

  private static List<String> options(String file, CommandLine command) {
    Config config;
    try {
      config = parsed(file).resolve();
    } catch (ConfigException e) {
      throw new UserInputException(
          "Configuration file %s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
    Map<String, OptionSpec> known = known(command);
    List<String> options = new ArrayList<>();
    for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(config.root()).entrySet()) {
      OptionSpec option = known.get(entry.getKey());
      if (option == null) {
        throw unknownKey(file, entry.getKey(), known);
      }
      String value = text(file, entry.getKey(), entry.getValue());
      if (!option.typeInfo().isBoolean()) {
        options.add("--" + entry.getKey() + "=" + value);
      } else if (isTrue(file, entry.getKey(), value)) {
        options.add("--" + entry.getKey());
      }
    }
    return options;
  }

  /** Without a scheme it is a file of this machine, whatever Hadoop's default file system is. */
  private static Config parsed(String location) {
    boolean isFileUri = location.startsWith("file:");
    if (location.contains("://") && !isFileUri) {
      Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
      return ConfigFactory.parseString(TextFiles.read(location, "Configuration file", hadoop));
    }
    File file = new File(isFileUri ? new Path(location).toUri().getPath() : location);
    if (!file.isFile()) {
      throw new UserInputException("Configuration file %s is not there.".formatted(location));
    }
    return ConfigFactory.parseFile(file);
  }

  private static Map<String, OptionSpec> known(CommandLine command) {
    return command.getCommandSpec().options().stream()
        .filter(option -> !option.usageHelp() && !option.versionHelp())
        .filter(option -> !option.longestName().equals("--config"))
        .collect(Collectors.toMap(option -> option.longestName().substring(2), option -> option));
  }

  private static UserInputException unknownKey(
      String file, String key, Map<String, OptionSpec> known) {
    List<String> nearest =
        known.keySet().stream()
            .sorted(
                Comparator.comparingInt((String name) -> distance(key, name))
                    .thenComparing(name -> name))
            .limit(3)
            .toList();
    return new UserInputException(
        "Configuration file %s has the unknown key '%s'; the nearest known keys are: %s."
            .formatted(file, key, String.join(", ", nearest)));
  }

  private static String text(String file, String key, ConfigValue value) {
    if (value instanceof ConfigObject) {
      throw new UserInputException(
          "Configuration file %s: '%s' must be one value or a list.".formatted(file, key));
    }
    if (value instanceof ConfigList list) {
      return list.stream()
          .map(entry -> String.valueOf(entry.unwrapped()))
          .collect(Collectors.joining(","));
    }
    return String.valueOf(value.unwrapped());
  }

  private static boolean isTrue(String file, String key, String value) {
    if (!value.equals("true") && !value.equals("false")) {
      throw new UserInputException(
          "Configuration file %s: '%s' must be true or false, not '%s'."
              .formatted(file, key, value));
    }
    return value.equals("true");
  }

  /** Levenshtein's edit distance, a row at a time. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
