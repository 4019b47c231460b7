package io.gradlens.ode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A rooted tree, which stands for one elementary differential of f: a method has order p if and
 * only if Σ b_i Φ_i(τ) = 1/γ(τ) for every tree τ of up to p vertices (Butcher 1963; Hairer, Nørsett
 * &amp; Wanner 1993, section II.2).
 */
record RootedTree(List<RootedTree> children) {

  /** The trees by their number of vertices; the place 0 is empty. */
  static List<List<RootedTree>> upTo(int order) {
    List<List<RootedTree>> byOrder = new ArrayList<>(List.of(List.of()));
    List<RootedTree> smaller = new ArrayList<>();
    for (int n = 1; n <= order; n++) {
      List<RootedTree> found = new ArrayList<>();
      grow(n - 1, smaller.size() - 1, smaller, List.of(), found);
      byOrder.add(found);
      smaller.addAll(found);
    }
    return byOrder;
  }

  /** Adds subtrees of the given number of vertices in all, none after {@code last} in the list. */
  private static void grow(
      int vertices,
      int last,
      List<RootedTree> smaller,
      List<RootedTree> chosen,
      List<RootedTree> found) {
    if (vertices == 0) {
      found.add(new RootedTree(chosen));
    }
    for (int i = 0; i <= last; i++) {
      RootedTree child = smaller.get(i);
      if (child.vertices() <= vertices) {
        List<RootedTree> more = new ArrayList<>(chosen);
        more.add(child);
        grow(vertices - child.vertices(), i, smaller, more, found);
      }
    }
  }

  int vertices() {
    return 1 + children.stream().mapToInt(RootedTree::vertices).sum();
  }

  /** γ(τ): the vertices times the densities of the children. */
  double density() {
    return vertices()
        * children.stream().mapToDouble(RootedTree::density).reduce(1, (a, b) -> a * b);
  }

  /** Φ_i(τ) for all stages i: the product over the children of Σ_j a_ij Φ_j. */
  double[] weights(ButcherTableau tableau) {
    double[] phi = new double[tableau.allStages()];
    Arrays.fill(phi, 1);
    for (RootedTree child : children) {
      double[] inner = child.weights(tableau);
      for (int i = 0; i < phi.length; i++) {
        double sum = 0;
        for (int j = 0; j <= i; j++) {
          sum += tableau.a(i, j) * inner[j];
        }
        phi[i] *= sum;
      }
    }
    return phi;
  }

  @Override
  public String toString() {
    return children.stream().map(RootedTree::toString).reduce("[", String::concat) + "]";
  }
}
