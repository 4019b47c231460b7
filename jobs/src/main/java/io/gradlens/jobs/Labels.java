package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.udf.Digests;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Where labels come from: {@code column}, {@code parent-folder}, {@code FILE.csv}, {@code none}.
 */
sealed interface Labels extends Serializable {

  /**
   * @param path of the image
   * @param column what the table's column says, or null
   * @return null where there is no label
   */
  String of(String path, String column);

  /** The table's column {@code label}. */
  record FromColumn() implements Labels {
    @Override
    public String of(String path, String column) {
      return column;
    }
  }

  /** The name of the folder that the image lies in. */
  record ParentFolder() implements Labels {
    @Override
    public String of(String path, String column) {
      String[] parts = path.split("/");
      return parts.length < 2 ? null : parts[parts.length - 2];
    }
  }

  /**
   * A CSV file.
   *
   * @param byPath label by path: as the image's own, relative to the folder of images, or its name
   * @param root the folder of images, with a slash behind it
   */
  record FromFile(Map<String, String> byPath, String root) implements Labels {
    @Override
    public String of(String path, String column) {
      String exact = byPath.get(path);
      if (exact != null) {
        return exact;
      }
      String plain = path.startsWith("file:") ? byPath.get(path.substring(5)) : null;
      if (plain != null) {
        return plain;
      }
      String relative = path.startsWith(root) ? byPath.get(path.substring(root.length())) : null;
      return relative != null ? relative : byPath.get(path.substring(path.lastIndexOf('/') + 1));
    }
  }

  /** No labels. */
  record None() implements Labels {
    @Override
    public String of(String path, String column) {
      return null;
    }
  }

  /**
   * @param option what the user says, or null: the column where there is one, else none
   * @param hasColumn whether the images are a table with a column label
   * @param root the folder of images
   * @throws UserInputException if the labels are not there
   */
  static Labels parse(String option, boolean hasColumn, String root, Configuration hadoop) {
    String choice = option == null ? (hasColumn ? "column" : "none") : option;
    switch (choice) {
      case "column":
        if (!hasColumn) {
          throw new UserInputException(
              "Labels 'column' needs a table of images with a column label; choose parent-folder,"
                  + " FILE.csv or none.");
        }
        return new FromColumn();
      case "parent-folder":
        return new ParentFolder();
      case "none":
        return new None();
      default:
        if (!isFile(choice)) {
          throw new UserInputException(
              "Labels '%s' is not known; choose column, parent-folder, FILE.csv or none."
                  .formatted(choice));
        }
        String text = TextFiles.read(choice, "Labels", hadoop);
        return new FromFile(csv(text, choice), root.endsWith("/") ? root : root + "/");
    }
  }

  /** What the user says, as the run's configuration records it; a file by its content. */
  static String describe(String option, Configuration hadoop) {
    if (option == null) {
      return "default";
    }
    return isFile(option)
        ? "csv sha256:" + Digests.sha256(TextFiles.read(option, "Labels", hadoop))
        : option;
  }

  private static boolean isFile(String option) {
    return option.toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  private static Map<String, String> csv(String text, String file) {
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      List<String> fields = fields(lines.get(i));
      if (fields.size() < 2) {
        throw new UserInputException(
            "Labels %s: line '%s' is not path,label.".formatted(file, lines.get(i)),
            "Labels %s: a line is not path,label.".formatted(file),
            null);
      }
      boolean header = i == 0 && fields.get(1).equalsIgnoreCase("label");
      if (!header) {
        labels.put(fields.get(0), fields.get(1));
      }
    }
    return labels;
  }

  /** Commas, and double quotes that may hold them. */
  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    var field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        field.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString().strip());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString().strip());
    return fields;
  }
}
