package io.gradlens.jobs;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One line that tells how far a run is: rewritten in a terminal, a new one every half minute in a
 * log.
 */
final class Progress implements AutoCloseable {

  private final PrintStream out;
  private final boolean terminal;
  private final String verb;
  private final String inputs;
  private final long total;
  private final LongSupplier done;
  private final long alreadyDone;
  private final long startNanos = System.nanoTime();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "gradlens-progress");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param terminal whether the line can be rewritten
   * @param verb what is done to inputs, as "explained"
   * @param inputs what they are, as "images"
   * @param total how many inputs there are
   * @param done how many are done by now, those of earlier attempts among them
   */
  Progress(
      PrintStream out,
      boolean terminal,
      String verb,
      String inputs,
      long total,
      LongSupplier done) {
    this.out = out;
    this.terminal = terminal;
    this.verb = verb;
    this.inputs = inputs;
    this.total = total;
    this.done = done;
    alreadyDone = done.getAsLong();
    long period = terminal ? 1 : 30;
    timer.scheduleAtFixedRate(this::print, period, period, TimeUnit.SECONDS);
  }

  /** One that writes to stderr. */
  static Progress onStderr(String verb, String inputs, long total, LongSupplier done) {
    boolean terminal = System.console() != null && System.getenv("TERM") != null;
    return new Progress(System.err, terminal, verb, inputs, total, done);
  }

  private synchronized void print() {
    String line = line(Math.min(total, done.getAsLong()), seconds());
    out.print(terminal ? "\r" + line + "\u001b[K" : line + "\n");
    out.flush();
  }

  private double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  /** For example {@code explained 1,200/5,000 (24 %), 8.1 images/s, ETA 7 min 49 s}. */
  String line(long now, double seconds) {
    double rate = (now - alreadyDone) / Math.max(seconds, 1e-9);
    String eta = rate > 0 ? ", ETA " + duration((total - now) / rate) : "";
    return String.format(
        Locale.ROOT,
        "%s %,d/%,d (%d %%), %.1f %s/s%s",
        verb,
        now,
        total,
        total == 0 ? 100 : 100 * now / total,
        rate,
        inputs,
        eta);
  }

  static String duration(double seconds) {
    long s = Math.round(seconds);
    if (s < 60) {
      return s + " s";
    }
    return s < 3600 ? s / 60 + " min " + s % 60 + " s" : s / 3600 + " h " + s % 3600 / 60 + " min";
  }

  @Override
  public void close() {
    timer.shutdownNow();
    if (terminal) {
      print();
      out.println();
    }
  }
}
