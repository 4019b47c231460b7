package io.gradlens.kernel;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what is single precision in a class's twin.
 *
 * <p>The build writes the twin of every class that bears this annotation: {@code FloatMlp} from
 * {@code Mlp}, in the same package, with {@code float} wherever the source says {@code @Real
 * double}, and with the twins of the classes that it mentions. What is not marked (times, step
 * sizes, tolerances, norms, sums, gradients of parameters) stays double. Nobody writes the same
 * algorithm twice.
 */
@Retention(RetentionPolicy.SOURCE)
@Target({ElementType.TYPE, ElementType.TYPE_USE})
public @interface Real {}
