package io.gradlens.cam;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The registry: every method once. A new one is a class and a line here; the tests come along. */
public enum CamMethods {
  GRAD_CAM(new GradCam()),
  GRAD_CAM_PLUS_PLUS(new GradCamPlusPlus()),
  HIRES_CAM(new HiResCam()),
  LAYER_CAM(new LayerCam()),
  XGRAD_CAM(new XGradCam());

  private final CamMethod method;

  CamMethods(CamMethod method) {
    this.method = method;
  }

  public CamMethod method() {
    return method;
  }

  /**
   * Looks a method up by its {@link CamMethod#name}.
   *
   * @throws IllegalArgumentException if there is none of that name; the message lists those there
   *     are
   */
  public static CamMethod named(String name) {
    for (CamMethods registered : values()) {
      if (registered.method.name().equals(name)) {
        return registered.method;
      }
    }
    throw new IllegalArgumentException(
        "Method '%s' is not known; methods are: %s."
            .formatted(
                name,
                Arrays.stream(values())
                    .map(registered -> registered.method.name())
                    .collect(Collectors.joining(", "))));
  }
}
