package dev.athanor.oci.validate;

import java.util.List;
import java.util.TreeSet;

/// Collects findings, each of them once.
final class Findings {
  /// Longer texts from outside are cut.
  private static final int SHOWN = 300;

  private final TreeSet<Finding> all = new TreeSet<>();

  void add(Rule rule, String where, String problem) {
    all.add(new Finding(rule, printable(where), printable(problem)));
  }

  List<Finding> inOrder() {
    return List.copyOf(all);
  }

  private static String printable(String text) {
    String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
