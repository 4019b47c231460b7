package io.gradlens.samples;

/** A rectangle of whole pixels; x and y are its first column and row. */
record Box(int x, int y, int width, int height) {

  Box moved(int dx, int dy) {
    return new Box(x + dx, y + dy, width, height);
  }

  boolean meets(Box other) {
    return x < other.x + other.width
        && other.x < x + width
        && y < other.y + other.height
        && other.y < y + height;
  }

  /** True where the point lies in the box; pixel (0, 0) reaches from 0 to 1. */
  boolean holds(double px, double py) {
    return px >= x && px < x + width && py >= y && py < y + height;
  }
}
