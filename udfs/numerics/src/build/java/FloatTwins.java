import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes the single-precision twin of every class that is annotated with {@code @Real}.
 *
 * <p>Arguments: the folder of sources, the folder for twins. A twin is a translation word by word:
 * {@code @Real double} becomes {@code float}, {@code DoubleVector} becomes {@code FloatVector}, and
 * the names of twinned classes get the prefix {@code Float}. A twin that is up to date is left as
 * it is, so that compilers need not look at it again; one whose source is gone is deleted.
 */
public final class FloatTwins {

  private static final Pattern MARK = Pattern.compile("(?m)^@Real\\R");
  private static final Pattern WORD = Pattern.compile("\\b[A-Z][A-Za-z0-9]*\\b");

  private FloatTwins() {}

  /** Runs the translation; see the class. */
  public static void main(String[] args) throws IOException {
    Path sources = Path.of(args[0]);
    Path twins = Path.of(args[1]);
    Map<Path, String> marked = new HashMap<>();
    Map<String, String> names = new HashMap<>();
    names.put("DoubleVector", "FloatVector");
    for (Path file : files(sources)) {
      String text = Files.readString(file);
      if (MARK.matcher(text).find()) {
        String name = file.getFileName().toString().replace(".java", "");
        marked.put(sources.relativize(file), text);
        names.put(name, "Float" + name);
      }
    }
    Set<Path> current = new HashSet<>();
    for (Map.Entry<Path, String> entry : marked.entrySet()) {
      Path twin = twins.resolve(entry.getKey());
      String name = names.get(twin.getFileName().toString().replace(".java", ""));
      twin = twin.resolveSibling(name + ".java");
      current.add(twin);
      write(twin, translate(entry.getValue(), names));
    }
    Files.createDirectories(twins);
    for (Path file : files(twins)) {
      if (!current.contains(file)) {
        Files.delete(file);
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static String translate(String text, Map<String, String> names) {
    String single =
        MARK.matcher(text)
            .replaceAll("")
            .replaceAll("@Real\\s+double\\b", "float")
            .replaceAll("@Real\\s+Double\\b", "Float")
            .replaceAll("import io\\.gradlens\\.kernel\\.Real;\\R", "")
            .replaceAll("(@link|@code) double\\b", "$1 float");
    return WORD.matcher(single)
        .replaceAll(
            word -> Matcher.quoteReplacement(names.getOrDefault(word.group(), word.group())));
  }

  private static void write(Path file, String text) throws IOException {
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
  }
}
