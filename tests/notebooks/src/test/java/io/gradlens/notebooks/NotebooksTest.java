package io.gradlens.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.from;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.gradlens.notebooks.Zeppelin.Output;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.zeppelin.interpreter.InterpreterResult;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every paragraph of every note with Zeppelin's own interpreters, on what the demo commands
 * write. The results are pages in {@code target/notebooks}.
 */
class NotebooksTest {

  private static final Path ROOT = Path.of(System.getProperty("gradlens.root"));
  private static final Path NOTES = ROOT.resolve("notebooks-zeppelin");
  private static final Path TARGET = ROOT.resolve("tests/notebooks/target");
  private static final Path OUT = TARGET.resolve("out");

  /** Zeppelin's default; what is longer is cut. */
  private static final int OUTPUT_LIMIT = 102_400;

  /** FF D8 FF in base 64. */
  private static final String JPEG_START = "/9j/";

  /** The notes' forms, each with the output that its default names. */
  private static final Map<String, String> FOLDERS =
      Map.of(
          "Output of explain", "demo",
          "Earlier output of explain", "demo",
          "Later output of explain", "demo-tuned",
          "Output of ode-gradients", "ode-gradients-demo",
          "Output of ode-solve", "ode-solve-demo",
          "Output of train", "train-demo",
          "Output of ode-train", "ode-train-demo",
          "Folder of outputs", "");

  private static final Map<String, String> SPARK =
      Map.of(
          "spark.master", "local[2]",
          "spark.ui.enabled", "false",
          "spark.driver.host", "127.0.0.1",
          "spark.driver.bindAddress", "127.0.0.1",
          "spark.sql.shuffle.partitions", "2",
          "spark.sql.warehouse.dir", TARGET.resolve("warehouse").toString());

  @BeforeAll
  static void runTheDemos() throws IOException {
    DemoOutputs.write(OUT);
  }

  @TestFactory
  Stream<DynamicContainer> everyParagraphSucceeds() throws IOException {
    return notes().stream().map(note -> DynamicContainer.dynamicContainer(note.file(), run(note)));
  }

  /** A note's paragraphs in order, in one session, and then its forms and its page. */
  private static Stream<DynamicNode> run(Note note) {
    // All else is left at what it begins with.
    Map<String, Object> values = new TreeMap<>(Map.of("Method", "layer-cam"));
    Zeppelin[] zeppelin = new Zeppelin[1];
    ResultPage page = new ResultPage(note);
    Stream<DynamicNode> open =
        Stream.of(dynamicTest("opens", () -> zeppelin[0] = new Zeppelin(SPARK, values)));
    Stream<DynamicNode> paragraphs =
        note.paragraphs().stream()
            .map(
                p ->
                    dynamicTest(
                        p.id() + " " + p.title(),
                        () -> {
                          Zeppelin.Result result = zeppelin[0].run(p);
                          page.add(p, result);
                          check(p, result);
                        }));
    Stream<DynamicNode> close =
        Stream.of(
            dynamicTest("would tell of mistakes", () -> seesMistakes(zeppelin[0])),
            dynamicTest(
                "closes",
                () -> {
                  page.write(TARGET.resolve("notebooks/" + note.file() + ".html"));
                  Set<String> forms = zeppelin[0].forms();
                  zeppelin[0].close();
                  assertThat(forms).as("forms for folders").anyMatch(FOLDERS::containsKey);
                }));
    return Stream.of(open, paragraphs, close).flatMap(s -> s);
  }

  /** That a paragraph succeeded says something only if one that does not is reported so. */
  private static void seesMistakes(Zeppelin zeppelin) throws Exception {
    for (String text :
        List.of(
            "%spark\nval number: Int = spark",
            "%spark\nsys.error(\"no\")", "%spark.sql\nSELECT * FROM no_such_table")) {
      var mistake = new Note.Paragraph("mistake", "", text, MissingNode.getInstance());
      assertThat(zeppelin.run(mistake).code()).as(text).isEqualTo(InterpreterResult.Code.ERROR);
    }
  }

  private static void check(Note.Paragraph paragraph, Zeppelin.Result result) {
    assertThat(result.code()).as(result.text()).isEqualTo(InterpreterResult.Code.SUCCESS);
    // Nothing else: no warning, no error, no talk of the shell.
    InterpreterResult.Type type =
        paragraph.interpreter().equals("spark.sql")
            ? InterpreterResult.Type.TABLE
            : InterpreterResult.Type.HTML;
    assertThat(result.outputs())
        .as(result.text())
        .singleElement()
        .returns(type, from(Output::type));
    String data = result.outputs().get(0).data();
    assertThat(data.getBytes(StandardCharsets.UTF_8).length)
        .as("bytes of output")
        .isLessThan(OUTPUT_LIMIT);
    switch (paragraph.interpreter()) {
      case "md" -> assertThat(data).contains("<h2>");
      case "spark" -> checkPage(paragraph, data);
      default -> checkTable(paragraph, data);
    }
  }

  /** A page has the pictures that it was to draw, and no number that is none. */
  private static void checkPage(Note.Paragraph paragraph, String html) {
    String pictures = "data:image/jpeg;base64,";
    assertThat(html.replaceAll(pictures + "[^']*", ""))
        .doesNotContain(">null<", "'null", "'NaN", ",NaN", "'Infinity", ",Infinity");
    if (paragraph.text().contains(pictures)) {
      assertThat(html).contains(pictures + JPEG_START);
    }
    if (paragraph.text().contains("<polyline")) {
      assertThat(html).contains("<polyline points='");
    }
  }

  /** A query has rows, and its chart draws columns that are there. */
  private static void checkTable(Note.Paragraph paragraph, String data) {
    List<String> lines = data.lines().toList();
    assertThat(lines).as("header and rows").hasSizeGreaterThan(1);
    List<String> columns = List.of(lines.get(0).split("\t"));
    for (JsonNode column : paragraph.columns()) {
      assertThat(columns.indexOf(column.get("name").asText()))
          .as("column %s of the chart", column)
          .isEqualTo(column.get("index").asInt());
    }
  }

  @Test
  void notesAreWhatZeppelinImports() throws IOException {
    Set<String> ids = new TreeSet<>();
    for (Note note : notes()) {
      assertThat(note.file()).endsWith("_" + note.id() + ".zpln");
      assertThat(ids.add(note.id())).as("another note has the id " + note.id()).isTrue();
      Set<String> paragraphs = new TreeSet<>();
      for (Note.Paragraph paragraph : note.paragraphs()) {
        assertThat(paragraphs.add(paragraph.id())).as(paragraph.id()).isTrue();
        assertThat(paragraph.interpreter()).isIn("md", "spark", "spark.sql");
        // In a paragraph that uses it, the shell cannot see a case class.
        assertThat(paragraph.text()).doesNotContain("case class");
      }
    }
    assertThat(ids).hasSizeGreaterThanOrEqualTo(4);
  }

  @Test
  void defaultsOfFormsAreTheOutputsOfTheDemos() throws IOException {
    for (Note note : notes()) {
      for (Note.Paragraph paragraph : note.paragraphs()) {
        FOLDERS.forEach(
            (form, output) -> {
              if (paragraph.text().contains("z.noteTextbox(\"" + form + "\", ")) {
                assertThat(paragraph.text())
                    .contains(
                        "z.noteTextbox(\"%s\", home + \"%s\")"
                            .formatted(form, output.isEmpty() ? "out" : "out/" + output));
              }
            });
      }
    }
    try (Stream<Path> files = Files.list(ROOT.resolve("conf"))) {
      String conf =
          String.join("", files.filter(Files::isRegularFile).map(NotebooksTest::text).toList());
      for (String output : FOLDERS.values()) {
        // Those of the second run are told in the note that compares two.
        if (!output.isEmpty() && !output.equals("demo-tuned")) {
          assertThat(conf).contains("\"out/" + output + "\"");
        }
      }
    }
  }

  private static List<Note> notes() throws IOException {
    try (Stream<Path> files = Files.list(NOTES)) {
      return files
          .filter(file -> file.toString().endsWith(".zpln"))
          .sorted()
          .map(
              file -> {
                try {
                  return Note.read(file);
                } catch (IOException e) {
                  throw new UncheckedIOException("Cannot read " + file, e);
                }
              })
          .toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }
}
