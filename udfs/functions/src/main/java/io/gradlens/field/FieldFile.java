package io.gradlens.field;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.gradlens.UserInputException;
import io.gradlens.field.WeightsFile.Folder;
import io.gradlens.ode.Event;
import io.gradlens.ode.field.ClassicalSystems;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * A field and its events, as a file in HOCON or JSON has them.
 *
 * <pre>
 * type = mlp                    // or a classical system's name, expression, class
 * dim = 2
 * hidden = [50]
 * activation = tanh
 * power = 3
 * weights = spiral.safetensors  // beside this file; or initial { distribution = glorot, seed = 1 }
 * </pre>
 *
 * @param field what is solved
 * @param events what may happen on the way, in order
 * @param latent what stands between the field's state and observations; null where the state itself
 *     is observed
 */
public record FieldFile(FieldDescription field, List<EventFormula> events, LatentDescription latent)
    implements Serializable {

  private static final String DESCRIPTION = "field.json";
  private static final String WEIGHTS = "field.safetensors";
  private static final String LATENT_WEIGHTS = "latent.safetensors";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  public FieldFile {
    events = List.copyOf(events);
  }

  /** A field whose state is observed. */
  public FieldFile(FieldDescription field, List<EventFormula> events) {
    this(field, events, null);
  }

  /**
   * Reads a description, and the weights that it names.
   *
   * @throws UserInputException if a file is not there, or says what cannot be: with line and column
   */
  public static FieldFile read(Path file) {
    Path name = file.getFileName();
    return read(
        file.toString(),
        beside -> Files.readAllBytes(file.resolveSibling(beside)),
        name.toString());
  }

  /** The same from any file system that Hadoop knows. */
  public static FieldFile read(String location, Configuration hadoop) {
    var file = new org.apache.hadoop.fs.Path(location);
    return read(
        location,
        name -> bytes(new org.apache.hadoop.fs.Path(file.getParent(), name), hadoop),
        file.getName());
  }

  private static FieldFile read(String location, Folder folder, String name) {
    String text = text("Field file", location, folder, name);
    Section section = ConfigText.parse("Field file " + location, text);
    String type = section.text("type");
    if (types().noneMatch(type::equals)) {
      throw section.at(
          "type",
          "type '%s' is not known; types are: %s."
              .formatted(type, types().collect(Collectors.joining(", "))));
    }
    FieldDescription field =
        switch (type) {
          case NetworkDescription.TYPE -> NetworkDescription.read(section, folder);
          case FormulaDescription.TYPE -> FormulaDescription.read(section);
          case ClassDescription.TYPE -> ClassDescription.read(section, folder);
          default -> SystemDescription.read(ClassicalSystems.named(type), section);
        };
    List<EventFormula> events =
        section.has("events") ? EventFormula.read(section, field) : List.of();
    LatentDescription latent =
        section.has("latent") ? LatentDescription.read(section, field, folder) : null;
    section.end();
    return new FieldFile(field, events, latent);
  }

  private static Stream<String> types() {
    return Stream.concat(
        Stream.of(NetworkDescription.TYPE, FormulaDescription.TYPE, ClassDescription.TYPE),
        Arrays.stream(ClassicalSystems.values()).map(ClassicalSystems::id));
  }

  private static byte[] bytes(org.apache.hadoop.fs.Path path, Configuration hadoop)
      throws IOException {
    try (InputStream in = path.getFileSystem(hadoop).open(path)) {
      return in.readAllBytes();
    }
  }

  private static String text(String what, String location, Folder folder, String name) {
    try {
      return new String(folder.read(name), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UserInputException("%s %s cannot be read: %s.".formatted(what, location, e), e);
    }
  }

  /**
   * The same with the events of another file, which has the key {@code events} alone.
   *
   * @throws UserInputException if it cannot be read
   */
  public FieldFile withEvents(String location, Configuration hadoop) {
    var file = new org.apache.hadoop.fs.Path(location);
    String text = text("Events file", location, name -> bytes(file, hadoop), location);
    Section section = ConfigText.parse("Events file " + location, text);
    List<EventFormula> read = EventFormula.read(section, field);
    section.end();
    return new FieldFile(field, read, latent);
  }

  /** The same with other parameters, {@code [p]}. */
  public FieldFile withTheta(double[] theta) {
    return new FieldFile(field.withTheta(theta), events, latent);
  }

  /**
   * The same with other parameters of field and networks.
   *
   * @param theta those of the field, and then of {@link #latent}, {@code [p]}
   */
  public FieldFile withLatentTheta(double[] theta) {
    int own = field.theta().length;
    return new FieldFile(
        field.withTheta(Arrays.copyOf(theta, own)),
        events,
        new LatentDescription(latent.shape(), Arrays.copyOfRange(theta, own, theta.length)));
  }

  /** New events, with the field's parameters as they are; for one thread. */
  public Event[] newEvents() {
    return events.stream().map(event -> event.event(field)).toArray(Event[]::new);
  }

  /**
   * The files that say the same, by name: {@code field.safetensors} for what has weights, {@code
   * latent.safetensors} for what has a latent state, and then {@code field.json}. Read again, they
   * are the same field to the last bit.
   */
  public Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    Map<String, Object> settings = new LinkedHashMap<>(field.settings());
    List<Tensor> tensors = field.tensors();
    if (!tensors.isEmpty()) {
      settings.put("weights", WEIGHTS);
      files.put(WEIGHTS, Safetensors.write(tensors));
    }
    if (!events.isEmpty()) {
      settings.put("events", events.stream().map(EventFormula::settings).toList());
    }
    if (latent != null) {
      Map<String, Object> section = latent.settings();
      section.put("weights", LATENT_WEIGHTS);
      settings.put("latent", section);
      files.put(LATENT_WEIGHTS, Safetensors.write(latent.tensors()));
    }
    files.put(DESCRIPTION, json(settings).getBytes(StandardCharsets.UTF_8));
    return files;
  }

  /**
   * Writes {@link #files} into a folder, which is made where it is not there. Each file is replaced
   * as a whole.
   */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> file : files().entrySet()) {
      replace(folder.resolve(file.getKey()), file.getValue());
    }
  }

  private static String json(Map<String, Object> settings) {
    try {
      return JSON.writeValueAsString(settings) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    Path whole = Files.write(file.resolveSibling(file.getFileName() + ".tmp"), bytes);
    Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Settings, events and parameters in one text, the same for the same field. */
  public String canonical() {
    Map<String, Object> settings = new LinkedHashMap<>(field.settings());
    settings.put("events", events.stream().map(EventFormula::settings).toList());
    settings.put("theta", field.theta());
    if (latent != null) {
      Map<String, Object> section = latent.settings();
      section.put("theta", latent.theta());
      settings.put("latent", section);
    }
    return json(settings);
  }
}
