package io.gradlens.model.layer;

/** An op that slides a window over rows and columns. */
public interface Windowed {

  Window window();
}
