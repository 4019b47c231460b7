package io.gradlens.field;

import io.gradlens.ode.Event;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * An event by formulas in the field's states, its parameters and t:
 *
 * <pre>
 * events = [{ root = "x - 0.2", direction = falling, restart { v = "-0.8*v" } }]
 * </pre>
 *
 * @param root g, which passes zero where the event is
 * @param direction in which it passes
 * @param isTerminal whether the trajectory ends there
 * @param restart by state, where it goes on from; empty where it just goes on. States that are not
 *     mentioned stay
 */
public record EventFormula(
    String root, Direction direction, boolean isTerminal, Map<String, String> restart)
    implements Serializable {

  /** Whether g rises through zero, falls, or does either. */
  public enum Direction {
    ANY,
    RISING,
    FALLING
  }

  public EventFormula {
    restart = new TreeMap<>(restart);
  }

  static List<EventFormula> read(Section file, FieldDescription field) {
    List<EventFormula> events = new ArrayList<>();
    for (Section section : file.sections("events")) {
      String root = section.text("root");
      section.checked("root", () -> new FieldFormulas(field, Map.of(field.states().get(0), root)));
      Map<String, String> restart = section.texts("restart");
      for (String state : restart.keySet()) {
        if (!field.states().contains(state)) {
          throw section
              .section("restart")
              .at(
                  state,
                  "'%s' is no state; states are: %s."
                      .formatted(state, String.join(", ", field.states())));
        }
      }
      section.checked("restart", () -> new FieldFormulas(field, restart));
      boolean isTerminal = section.flag("terminal");
      if (isTerminal && !restart.isEmpty()) {
        throw section.at("terminal", "an event ends a trajectory or restarts it, not both.");
      }
      events.add(
          new EventFormula(root, section.choice("direction", Direction.ANY), isTerminal, restart));
      section.end();
    }
    return events;
  }

  /** The event, with the parameters that the field has; for one thread. */
  Event event(FieldDescription field) {
    String first = field.states().get(0);
    Event event = Event.of(new FormulaRoot(new FieldFormulas(field, Map.of(first, root))));
    event =
        switch (direction) {
          case ANY -> event;
          case RISING -> event.rising();
          case FALLING -> event.falling();
        };
    if (isTerminal) {
      return event.terminal();
    }
    return restart.isEmpty()
        ? event
        : event.restart(new FormulaRestart(new FieldFormulas(field, restart)));
  }

  Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("root", root);
    settings.put("direction", direction.name().toLowerCase(Locale.ROOT));
    settings.put("terminal", isTerminal);
    settings.put("restart", restart);
    return settings;
  }
}
