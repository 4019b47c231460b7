package io.gradlens.ode.field;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A word of a formula.
 *
 * @param position where it starts, from 1
 */
record Token(Kind kind, String text, int position) {

  enum Kind {
    NUMBER,
    NAME,
    SYMBOL,
    END
  }

  private static final Pattern WORD =
      Pattern.compile(
          "(?<number>(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)"
              + "|(?<name>[\\p{L}_][\\p{L}\\p{N}_]*)|(?<symbol>\\S)");

  /** The words of a text, with one for its end. */
  static List<Token> split(String text) {
    List<Token> tokens = new ArrayList<>();
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      Kind kind =
          word.group("number") != null
              ? Kind.NUMBER
              : word.group("name") != null ? Kind.NAME : Kind.SYMBOL;
      tokens.add(new Token(kind, word.group(), word.start() + 1));
    }
    tokens.add(new Token(Kind.END, "", text.length() + 1));
    return tokens;
  }

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  @Override
  public String toString() {
    return kind == Kind.END ? "the end" : "'" + text + "'";
  }
}
