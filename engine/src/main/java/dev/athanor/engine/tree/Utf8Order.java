package dev.athanor.engine.tree;

import java.util.Comparator;

/// Orders strings as their UTF-8 bytes, unsigned. `String.compareTo` orders by UTF-16 units, which
/// differs beyond the basic plane, and digests must not depend on that.
public final class Utf8Order {
  public static final Comparator<String> INSTANCE = Utf8Order::compare;

  private Utf8Order() {}

  private static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean surrogates = Character.isSurrogate(x) != Character.isSurrogate(y);
        // A surrogate stands for a code point above every other char.
        return surrogates ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
