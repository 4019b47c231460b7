package io.gradlens.jobs;

import io.gradlens.udf.ExplainPlan;

/**
 * How many images go together. The fewer pixels a network sees, the sooner it is done with an
 * image, and what a task and a shard cost beside their images is shared by more of them.
 *
 * @param shard images that are computed and committed at once
 * @param task images that an executor gets at once: many batches, and few enough for progress to be
 *     seen and cores to be busy
 * @param batch images of a forward pass; fewer take as long
 */
record Portions(int shard, int task, int batch) {

  private static final int PIXELS = 224 * 224;
  private static final int IMAGES_A_SHARD = 5000;
  private static final int IMAGES_A_TASK = 64;
  private static final int IMAGES_A_CORE = 500;
  private static final int TASKS_A_CORE = 4;
  private static final int MOST = 8;

  /**
   * Those for a network.
   *
   * @param cores how many tasks run at the same time
   */
  static Portions of(ExplainPlan plan, int cores) {
    return of(plan.input().height() * plan.input().width(), plan.largestBatch(), cores);
  }

  /**
   * @param pixels that a network sees
   */
  static Portions of(int pixels, int batch, int cores) {
    int times = Math.max(1, Math.min(MOST, PIXELS / pixels));
    return new Portions(
        Math.max(times * IMAGES_A_SHARD, cores * IMAGES_A_CORE), times * IMAGES_A_TASK, batch);
  }

  /** All images in one shard, and tasks that suit any network. */
  static Portions undivided() {
    return new Portions(Integer.MAX_VALUE, IMAGES_A_TASK, 1);
  }

  /** These with another size of shards. */
  Portions withShard(int images) {
    return new Portions(images, task, batch);
  }

  /**
   * How many images each task has, but for the last: whole batches, and for every core as many
   * tasks, several unless they became very small.
   *
   * @param images of all tasks; at least 1
   * @param cores how many tasks run at the same time
   */
  int inTask(int images, int cores) {
    int several = Math.min(TASKS_A_CORE * cores, parts(images, IMAGES_A_TASK));
    long tasks = (long) cores * parts(Math.max(parts(images, task), several), cores);
    return batch * parts(parts(images, tasks), batch);
  }

  /** How many tasks that makes. */
  int tasks(int images, int cores) {
    return parts(images, inTask(images, cores));
  }

  private static int parts(int images, long size) {
    return (int) ((images + size - 1) / size);
  }
}
