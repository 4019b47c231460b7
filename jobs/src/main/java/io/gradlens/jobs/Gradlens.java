package io.gradlens.jobs;

import io.gradlens.UserInputException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: {@code gradlens COMMAND [options]}. */
@Command(
    name = "gradlens",
    description = "Gradients at data-set scale on Apache Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = Gradlens.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ExplainCommand.class,
      PackCommand.class,
      TrainCommand.class,
      OdeSolveCommand.class,
      OdeGradientsCommand.class,
      OdeTrainCommand.class,
      SummaryCommand.class,
      StatusCommand.class
    },
    footer = {
      "",
      "Exit status: 0 done; 1 bad command line; 2 bad input or configuration; 3 internal error;",
      "4 finished, everything written, but a threshold was breached."
    })
public final class Gradlens implements Runnable {

  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    int status = run(args);
    if (status != ExitStatus.DONE || !underSparkSubmit()) {
      System.exit(status);
    }
  }

  /** In cluster mode Spark's own wrapper must see main return to report success. */
  private static boolean underSparkSubmit() {
    return System.getProperty("spark.submit.deployMode") != null;
  }

  /** Runs a command and returns its exit status. */
  public static int run(String... args) {
    CommandLine commandLine =
        new CommandLine(new Gradlens())
            .setOverwrittenOptionsAllowed(true)
            .setParameterExceptionHandler(Gradlens::explainMistake)
            .setExecutionExceptionHandler(Gradlens::explainFailure);
    String[] expanded;
    try {
      expanded = ConfigFile.expand(args, commandLine);
    } catch (UserInputException e) {
      commandLine.getErr().println("gradlens: " + e.getMessage());
      return ExitStatus.BAD_INPUT;
    }
    try {
      return commandLine.execute(expanded);
    } catch (Error e) {
      // picocli hands on exceptions only; a class that is not there is a bug all the same.
      return internalError(e, commandLine.getErr(), redacts(commandLine.getParseResult()));
    }
  }

  private static boolean redacts(ParseResult parsed) {
    return parsed != null
        && parsed.hasSubcommand()
        && parsed.subcommand().matchedOptionValue("--redact-paths", false);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Missing command: explain, pack, train, ode-solve, ode-gradients, ode-train, summary or"
            + " status");
  }

  private static int explainMistake(ParameterException mistake, String[] args) {
    CommandLine command = mistake.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("gradlens: " + oneLine(mistake.getMessage()));
    if (isBadValue(mistake)) {
      return ExitStatus.BAD_INPUT;
    }
    UnmatchedArgumentException.printSuggestions(mistake, err);
    err.println("Try '%s --help'.".formatted(command.getCommandSpec().qualifiedName()));
    return ExitStatus.BAD_COMMAND_LINE;
  }

  /** A known option with a value that it cannot take: 2, as the same value in a file would get. */
  private static boolean isBadValue(ParameterException mistake) {
    return mistake.getCause() instanceof CommandLine.TypeConversionException
        || (mistake.getArgSpec() != null && mistake.getValue() != null);
  }

  private static int explainFailure(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    boolean redacts = redacts(parsed);
    UserInputException mistake = FailureText.mistake(failure);
    if (mistake != null) {
      err.println("gradlens: " + oneLine(redacts ? mistake.nameless() : mistake.getMessage()));
      return ExitStatus.BAD_INPUT;
    }
    return internalError(failure, err, redacts);
  }

  private static int internalError(Throwable failure, PrintWriter err, boolean redacts) {
    err.println("gradlens: internal error");
    if (redacts) {
      FailureText.printNameless(failure, err);
    } else {
      failure.printStackTrace(err);
    }
    err.flush();
    return ExitStatus.INTERNAL_ERROR;
  }

  private static String oneLine(String message) {
    List<String> lines = Arrays.stream(message.split("\\R")).map(String::strip).toList();
    return String.join(" ", lines);
  }

  /** {@code --version}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"gradlens " + Versions.gradlens() + " (" + Versions.git() + ")"};
    }
  }
}
