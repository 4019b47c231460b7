package io.gradlens.notebooks;

import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.zeppelin.display.AngularObjectRegistry;
import org.apache.zeppelin.display.GUI;
import org.apache.zeppelin.display.Input;
import org.apache.zeppelin.interpreter.Interpreter;
import org.apache.zeppelin.interpreter.InterpreterContext;
import org.apache.zeppelin.interpreter.InterpreterException;
import org.apache.zeppelin.interpreter.InterpreterGroup;
import org.apache.zeppelin.interpreter.InterpreterOutput;
import org.apache.zeppelin.interpreter.InterpreterResult;
import org.apache.zeppelin.interpreter.InterpreterResultMessage;
import org.apache.zeppelin.interpreter.remote.RemoteInterpreterEventClient;
import org.apache.zeppelin.markdown.Markdown;
import org.apache.zeppelin.resource.LocalResourcePool;
import org.apache.zeppelin.spark.SparkInterpreter;
import org.apache.zeppelin.spark.SparkSqlInterpreter;

/**
 * Zeppelin's interpreters for one note, in this process: what its server has in one of its own. A
 * session of Spark each, so that no note lives on what another defined.
 */
final class Zeppelin implements AutoCloseable {

  /** Text, a table, a page, as it stands in the note below the paragraph. */
  record Output(InterpreterResult.Type type, String data) {}

  /** What a paragraph left: {@code SUCCESS} or another code, and its outputs that are not blank. */
  record Result(InterpreterResult.Code code, List<Output> outputs) {

    /** All that is plain text, where errors are. */
    String text() {
      return outputs.stream()
          .filter(output -> output.type() == InterpreterResult.Type.TEXT)
          .map(Output::data)
          .collect(Collectors.joining("\n"));
    }
  }

  private final PrintStream out = System.out;
  private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
  private final InterpreterGroup group = new InterpreterGroup();
  private final GUI noteForms = new GUI();
  private final Map<String, Interpreter> interpreters;

  /**
   * @param settings of Spark, beside what Zeppelin needs
   * @param formValues what a user wrote into the note's forms, by their names
   */
  Zeppelin(Map<String, String> settings, Map<String, Object> formValues)
      throws InterpreterException {
    Properties properties = new Properties();
    properties.putAll(settings);
    // This version of Zeppelin was made before Spark 3.5.
    properties.setProperty("zeppelin.spark.enableSupportedVersionCheck", "false");
    properties.setProperty("zeppelin.spark.deprecatedMsg.show", "false");
    properties.setProperty("zeppelin.spark.useHiveContext", "false");
    properties.setProperty("zeppelin.spark.scala.color", "false");
    properties.setProperty("zeppelin.spark.sql.stacktrace", "true");
    properties.setProperty("zeppelin.spark.maxResult", "1000");
    properties.setProperty("markdown.parser.type", "markdown4j");
    noteForms.setParams(formValues);
    // The shell asks for a loader with a list of jars; those of this process are known to it.
    Thread.currentThread().setContextClassLoader(new URLClassLoader(new URL[0], loader));
    interpreters =
        Map.of(
            "spark", new SparkInterpreter(properties),
            "spark.sql", new SparkSqlInterpreter(properties),
            "md", new Markdown(properties));
    List<Interpreter> session = new LinkedList<>(interpreters.values());
    group.put("session", session);
    session.forEach(interpreter -> interpreter.setInterpreterGroup(group));
    InterpreterContext.set(context("open", new GUI()));
    for (String name : List.of("spark", "spark.sql", "md")) {
      interpreters.get(name).open();
    }
  }

  /** Runs a paragraph as Zeppelin's server and its interpreter process do between them. */
  Result run(Note.Paragraph paragraph) throws Exception {
    Interpreter interpreter = interpreters.get(paragraph.interpreter());
    GUI forms = new GUI();
    String script = paragraph.script();
    if (interpreter.getFormType() == Interpreter.FormType.SIMPLE) {
      script = Input.getSimpleQuery(noteForms.getParams(), script, true);
      script = Input.getSimpleQuery(forms.getParams(), script, false);
    }
    InterpreterContext context = context(paragraph.id(), forms);
    InterpreterContext.set(context);
    InterpreterResult result = interpreter.interpret(script, context);
    context.out.flush();
    List<InterpreterResultMessage> messages =
        new ArrayList<>(context.out.toInterpreterResultMessage());
    messages.addAll(result.message());
    return new Result(
        result.code(),
        messages.stream()
            .map(message -> new Output(message.getType(), message.getData()))
            .filter(output -> !output.data().isBlank())
            .toList());
  }

  /** The names of the forms that the note's paragraphs have made. */
  Set<String> forms() {
    return Set.copyOf(noteForms.getForms().keySet());
  }

  private InterpreterContext context(String paragraph, GUI forms) {
    return InterpreterContext.builder()
        .setNoteId("note")
        .setParagraphId(paragraph)
        .setGUI(forms)
        .setNoteGUI(noteForms)
        .setAngularObjectRegistry(new AngularObjectRegistry(group.getId(), null))
        .setResourcePool(new LocalResourcePool("note"))
        .setInterpreterOut(new InterpreterOutput(null))
        .setIntpEventClient(new Silence())
        .build();
  }

  @Override
  public void close() throws InterpreterException {
    interpreters.get("spark").close();
    InterpreterContext.remove();
    System.setOut(out);
    Thread.currentThread().setContextClassLoader(loader);
  }

  /** There is no server to be told where Spark's pages are. */
  private static final class Silence extends RemoteInterpreterEventClient {
    Silence() {
      super(null);
    }

    @Override
    public synchronized void onParaInfosReceived(Map<String, String> infos) {}
  }
}
