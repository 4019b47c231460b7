package io.gradlens.ode.field;

import io.gradlens.kernel.Real;
import io.gradlens.ode.VectorField;
import java.lang.reflect.InvocationTargetException;

/** Fields that users write: a class of theirs, by name. */
@Real
public final class FieldClass {

  private FieldClass() {}

  /**
   * Makes an object of a class.
   *
   * @param className its full name; a nested class's has a $ before its last part
   * @param loader where it is looked for
   * @return the field; a {@link io.gradlens.ode.DifferentiableField} if the class is one
   * @throws IllegalArgumentException if there is no such class, if it is not a public {@link
   *     VectorField} with a public constructor without parameters, or if making the object fails,
   *     with what it failed with as the cause
   */
  public static VectorField load(String className, ClassLoader loader) {
    Class<?> found;
    try {
      found = Class.forName(className, true, loader);
    } catch (ClassNotFoundException e) {
      throw refused(className, "is not on the class path", e);
    } catch (ExceptionInInitializerError e) {
      throw refused(className, "cannot be loaded: " + e.getCause(), e.getCause());
    } catch (LinkageError e) {
      throw refused(className, "cannot be loaded: " + e, e);
    }
    if (!VectorField.class.isAssignableFrom(found)) {
      throw refused(className, "does not implement " + VectorField.class.getName(), null);
    }
    try {
      return (VectorField) found.getConstructor().newInstance();
    } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
      throw refused(
          className,
          "has to be public and not abstract, with a public constructor without parameters",
          e);
    } catch (InvocationTargetException e) {
      throw refused(className, "fails in its constructor: " + e.getCause(), e.getCause());
    }
  }

  private static IllegalArgumentException refused(String className, String why, Throwable cause) {
    return new IllegalArgumentException("Field class '%s' %s.".formatted(className, why), cause);
  }
}
