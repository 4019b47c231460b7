package io.gradlens.jobs;

import io.gradlens.udf.ExplainPlan.InputSize;

/**
 * How many images go together. The fewer pixels a network sees, the sooner it is done with an
 * image, and what a task and a shard cost beside their images is shared by more of them.
 *
 * @param shard images that are computed and committed at once
 * @param task images that an executor gets at once: many batches, and few enough for progress to be
 *     seen and cores to be busy
 */
record Portions(int shard, int task) {

  private static final int PIXELS = 224 * 224;
  private static final int IMAGES_A_SHARD = 5000;
  private static final int IMAGES_A_TASK = 64;
  private static final int IMAGES_A_CORE = 500;
  private static final int TASKS_A_CORE = 4;
  private static final int MOST = 8;

  /**
   * Those for a network.
   *
   * @param input what it sees
   * @param cores how many tasks run at the same time
   */
  static Portions of(InputSize input, int cores) {
    int times = Math.max(1, Math.min(MOST, PIXELS / (input.height() * input.width())));
    return new Portions(
        Math.max(times * IMAGES_A_SHARD, cores * IMAGES_A_CORE), times * IMAGES_A_TASK);
  }

  /** All images in one shard, and tasks that suit any network. */
  static Portions undivided() {
    return new Portions(Integer.MAX_VALUE, IMAGES_A_TASK);
  }

  /** These with another size of shards. */
  Portions withShard(int images) {
    return new Portions(images, task);
  }

  /**
   * Into how many tasks images are divided: several a core, unless they become very small.
   *
   * @param images at least 1
   * @param cores how many tasks run at the same time
   */
  int tasks(int images, int cores) {
    int several = Math.min(TASKS_A_CORE * cores, parts(images, IMAGES_A_TASK));
    int each = Math.min(cores, images);
    return Math.max(parts(images, task), Math.max(several, each));
  }

  private static int parts(int images, int size) {
    return (int) ((images + (long) size - 1) / size);
  }
}
