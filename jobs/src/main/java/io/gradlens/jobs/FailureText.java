package io.gradlens.jobs;

import io.gradlens.UserInputException;
import java.io.PrintWriter;

/** What is told of an exception; without names of files where paths are redacted. */
final class FailureText {

  private FailureText() {}

  /** The mistake behind a failure, if it is one of the user's; else null. */
  static UserInputException mistake(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserInputException mistake) {
        return mistake;
      }
    }
    return null;
  }

  /** What happened, without what it says of files: foreign messages may name them. */
  static String nameless(Throwable failure) {
    UserInputException mistake = mistake(failure);
    return mistake == null ? failure.getClass().getName() : mistake.nameless();
  }

  /** The stack trace with classes in place of messages. */
  static void printNameless(Throwable failure, PrintWriter out) {
    String before = "";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      out.println(before + cause.getClass().getName());
      for (StackTraceElement frame : cause.getStackTrace()) {
        out.println("\tat " + frame);
      }
      before = "Caused by: ";
    }
  }
}
