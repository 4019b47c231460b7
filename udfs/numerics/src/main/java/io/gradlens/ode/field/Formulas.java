package io.gradlens.ode.field;

import java.util.List;

/**
 * What formulas say.
 *
 * @param states their names, in the order of the formulas
 * @param parameters their names, in the order in which they appear
 * @param slopes the right-hand side for every state
 */
record Formulas(
    ExpressionGraph graph, List<String> states, List<String> parameters, List<Expression> slopes) {}
