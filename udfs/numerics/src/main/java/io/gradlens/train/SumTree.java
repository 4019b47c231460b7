package io.gradlens.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sums of blocks in one order, whoever has which blocks: a binary tree over block numbers. Its
 * leaves are the blocks; node j of level k + 1 is the sum of nodes 2j and 2j + 1 of level k, or
 * node 2j alone where there is no other.
 *
 * <p>A worker that has some of the blocks sums what it can and hands over the nodes that it has, a
 * few for every run of neighbours; put together they give the same bits as any other division of
 * labour. Compensated sums would not: they too depend on the order, only less.
 */
public final class SumTree {
  private final int blocks;
  private final Map<Long, LossSum> nodes = new HashMap<>();

  /** A node: the sum of some neighbouring blocks. */
  public record Node(int level, int index, LossSum sum) implements Serializable {}

  /**
   * @param blocks how many there are in all
   */
  public SumTree(int blocks) {
    this.blocks = blocks;
  }

  /** Adds a block's sum, which is the tree's from now on. */
  public void add(int block, LossSum sum) {
    add(new Node(0, block, sum));
  }

  /** Adds a node of another tree over the same blocks. */
  public void add(Node node) {
    int level = node.level;
    int index = node.index;
    LossSum sum = node.sum;
    while (nodesAt(level) > 1) {
      int sibling = index ^ 1;
      if (sibling < nodesAt(level)) {
        LossSum other = nodes.remove(key(level, sibling));
        if (other == null) {
          break;
        }
        LossSum left = sibling < index ? other : sum;
        left.add(sibling < index ? sum : other);
        sum = left;
      }
      level++;
      index >>= 1;
    }
    if (nodes.put(key(level, index), sum) != null) {
      throw new IllegalStateException(
          "Node %d of level %d of a sum was added twice".formatted(index, level));
    }
  }

  private int nodesAt(int level) {
    return (int) (((long) blocks + (1L << level) - 1) >> level);
  }

  private static long key(int level, int index) {
    return (long) level << 32 | index;
  }

  /** What has been summed so far. */
  public List<Node> nodes() {
    List<Node> all = new ArrayList<>();
    nodes.forEach((key, sum) -> all.add(new Node((int) (key >> 32), (int) (long) key, sum)));
    return all;
  }

  /**
   * The sum of all blocks.
   *
   * @throws IllegalStateException if some are missing
   */
  public LossSum total() {
    if (nodes.size() != 1 || blocks == 0) {
      throw new IllegalStateException(
          "The sum of %d blocks is incomplete: it is in %d parts".formatted(blocks, nodes.size()));
    }
    Map.Entry<Long, LossSum> root = nodes.entrySet().iterator().next();
    if (nodesAt((int) (root.getKey() >> 32)) != 1) {
      throw new IllegalStateException("The sum of %d blocks lacks some".formatted(blocks));
    }
    return root.getValue();
  }
}
