package dev.athanor.engine.starlark.syntax;

import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Guesses which name was meant.
public final class Spelling {
  private static final int LONGEST = 80;

  private Spelling() {}

  /// The candidate nearest to `word` by edits, or null if none is near; ties go to the first by
  /// name.
  public static @Nullable String suggest(String word, Collection<String> candidates) {
    if (word.length() > LONGEST) {
      return null;
    }
    String best = null;
    int limit = Math.min(5, (word.length() + 1) / 2);
    String lower = word.toLowerCase(Locale.ROOT);
    for (String candidate : new TreeSet<>(candidates)) {
      if (candidate.length() > LONGEST || candidate.equals(word)) {
        continue;
      }
      int distance = distance(lower, candidate.toLowerCase(Locale.ROOT), limit);
      if (distance < limit || (distance == limit && best == null)) {
        best = candidate;
        limit = distance;
      }
    }
    return best;
  }

  /// ` (did you mean 'x'?)`, or nothing if no candidate is near.
  public static String hint(String word, Collection<String> candidates) {
    String best = suggest(word, candidates);
    return best == null ? "" : " (did you mean '" + best + "'?)";
  }

  /// The Levenshtein distance, or anything above `limit` if it is larger than that.
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) > limit) {
      return limit + 1;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
