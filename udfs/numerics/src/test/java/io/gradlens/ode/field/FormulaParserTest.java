package io.gradlens.ode.field;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormulaParserTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\" | 1 | 'd' and the name of a state, as in 'dx = …' | the end",
        "x = 1 | 1 | 'd' and the name of a state, as in 'dx = …' | 'x'",
        "d = 1 | 1 | 'd' and the name of a state, as in 'dx = …' | 'd'",
        "3 = 1 | 1 | 'd' and the name of a state, as in 'dx = …' | '3'",
        "dt = 1 | 1 | 'd' and the name of a state, which 't' cannot be | 'dt'",
        "dpi = 1 | 1 | 'd' and the name of a state, which 'pi' cannot be | 'dpi'",
        "dsin = 1 | 1 | 'd' and the name of a state, which 'sin' cannot be | 'dsin'",
        "d1 = 1 | 1 | 'd' and the name of a state, which '1' cannot be | 'd1'",
        "dx = 1; dx = 2 | 9 | one formula a state | 'dx'",
        "dx = 1;; dy = 2 | 8 | 'd' and the name of a state, as in 'dx = …' | ';'",
        "dx | 3 | '=' after 'dx' | the end",
        "dx + 1 | 4 | '=' after 'dx' | '+'",
        "dx/dt = 1 | 3 | '=' after 'dx' | '/'",
        "dx = | 5 | a number, a name or '(' | the end",
        "dx = ; dy = 1 | 6 | a number, a name or '(' | ';'",
        "dx = a*)x | 8 | a number, a name or '(' | ')'",
        "dx = 1 + * 2 | 10 | a number, a name or '(' | '*'",
        "dx = 2x | 7 | an operator, ';' or the end | 'x'",
        "dx = 2e | 7 | an operator, ';' or the end | 'e'",
        "dx = 1.2.3 | 9 | an operator, ';' or the end | '.3'",
        "dx = x y | 8 | an operator, ';' or the end | 'y'",
        "dx = x) | 7 | an operator, ';' or the end | ')'",
        "dx = x dy = y | 8 | an operator, ';' or the end | 'dy'",
        "dx = x = 2 | 8 | an operator, ';' or the end | '='",
        "dx = x § 2 | 8 | an operator, ';' or the end | '§'",
        "dx = (x | 8 | an operator or ')' | the end",
        "dx = (x; dy = 1 | 8 | an operator or ')' | ';'",
        "dx = sin x | 10 | '(' after 'sin' | 'x'",
        "dx = sin() | 10 | a number, a name or '(' | ')'",
        "dx = sin(x | 11 | an operator or ')' after the last argument of 'sin' | the end",
        "dx = sin(x, 2) | 11 | an operator or ')' after the last argument of 'sin' | ','",
        "dx = pow(x) | 11 | an operator or ',' and a second argument of 'pow' | ')'",
        "dx = pow(x, 2, 3) | 14 | an operator or ')' after the last argument of 'pow' | ','",
        "dx = a(x + 1) | 7 | an operator after 'a', or one of the functions abs, cos, exp, log,"
            + " max, min, pow, sin, sqrt, tan, tanh before the parenthesis | '('",
      })
  void whatBreaksTheGrammarIsRefusedWhereItDoes(
      String formulas, int position, String expected, String got) {
    assertThatThrownBy(() -> FormulaParser.parse(formulas))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot read the formulas '%s' at position %d: expected %s, got %s."
                .formatted(formulas, position, expected, got));
  }

  @Test
  void messagesAreOneLine() {
    assertThatThrownBy(() -> FormulaParser.parse("dx = x\n  dy = y"))
        .hasMessage(
            "Cannot read the formulas 'dx = x dy = y' at position 10:"
                + " expected an operator, ';' or the end, got 'dy'.");
  }

  @Test
  void deepNestingIsRefused() {
    assertThatThrownBy(() -> FormulaParser.parse("dx = " + "(".repeat(5000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 200 levels of nesting");
    FormulaParser.parse("dx = " + "(".repeat(199) + "x" + ")".repeat(199));
  }
}
