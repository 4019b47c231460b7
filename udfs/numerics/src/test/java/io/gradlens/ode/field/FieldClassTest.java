package io.gradlens.ode.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.ode.FloatVectorField;
import io.gradlens.ode.VectorField;
import org.junit.jupiter.api.Test;

/** The fields here are public, as a user's are, and this class is so for their sake. */
public class FieldClassTest {

  private static VectorField load(Class<?> type) {
    return FieldClass.load(type.getName(), FieldClassTest.class.getClassLoader());
  }

  private static void assertRefused(Class<?> type, String why) {
    assertThatThrownBy(() -> load(type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Field class '%s' %s.".formatted(type.getName(), why));
  }

  @Test
  void aPublicClassWithoutParametersIsLoaded() {
    VectorField field = load(Decay.class);
    double[] dydt = new double[1];
    field.apply(new double[1], new double[] {3}, dydt);
    assertThat(dydt).containsExactly(-3);
  }

  @Test
  void theTwinLoadsTwins() {
    FloatVectorField field =
        FloatFieldClass.load(FloatDecay.class.getName(), getClass().getClassLoader());
    assertThat(field.dim()).isEqualTo(1);
    assertThatThrownBy(
            () -> FloatFieldClass.load(Decay.class.getName(), getClass().getClassLoader()))
        .hasMessageEndingWith("does not implement io.gradlens.ode.FloatVectorField.");
  }

  @Test
  void aClassThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> FieldClass.load("com.example.Missing", getClass().getClassLoader()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Field class 'com.example.Missing' is not on the class path.");
  }

  @Test
  void aNameInTheWrongCaseIsRefused() {
    String name = Decay.class.getName().replace("Decay", "decay");
    assertThatThrownBy(() -> FieldClass.load(name, getClass().getClassLoader()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }

  @Test
  void whatIsNoFieldIsRefused() {
    assertRefused(String.class, "does not implement io.gradlens.ode.VectorField");
  }

  @Test
  void whatCannotBeMadeIsRefused() {
    String why = "has to be public and not abstract, with a public constructor without parameters";
    assertRefused(WithParameter.class, why);
    assertRefused(Closed.class, why);
    assertRefused(Unfinished.class, why);
    assertRefused(VectorField.class, why);
  }

  @Test
  void aConstructorThatFailsIsReported() {
    assertRefused(Failing.class, "fails in its constructor: java.lang.IllegalStateException: why");
    assertThatThrownBy(() -> load(Failing.class)).hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void aClassThatFailsToInitialiseIsReported() {
    assertRefused(Broken.class, "cannot be loaded: java.lang.IllegalStateException: no table");
  }

  public static class Decay implements VectorField {
    @Override
    public int dim() {
      return 1;
    }

    @Override
    public void apply(double[] t, double[] y, double[] dydt) {
      for (int l = 0; l < t.length; l++) {
        dydt[l] = -y[l];
      }
    }
  }

  public static class FloatDecay implements FloatVectorField {
    @Override
    public int dim() {
      return 1;
    }

    @Override
    public void apply(double[] t, float[] y, float[] dydt) {
      dydt[0] = -y[0];
    }
  }

  public static final class WithParameter extends Decay {
    public WithParameter(int d) {}
  }

  public static final class Closed extends Decay {
    private Closed() {}
  }

  public abstract static class Unfinished extends Decay {
    public Unfinished() {}
  }

  public static final class Failing extends Decay {
    public Failing() {
      throw new IllegalStateException("why");
    }
  }

  public static final class Broken extends Decay {
    static final double[] TABLE = read();

    private static double[] read() {
      throw new IllegalStateException("no table");
    }
  }
}
