package dev.athanor.oci.layer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A place in a root filesystem, from its root: [EntryName]s joined by `/`, in bytes.
///
/// A value is never absolute, never holds `.`, `..`, an empty name or NUL, so that nobody has to
/// look at it again. Ordered by unsigned bytes of the whole path.
public final class EntryPath implements Comparable<EntryPath> {
  /// `PATH_MAX` of Linux without its NUL: a longer path cannot be handed to the kernel.
  public static final int MAX_BYTES = 4095;

  /// Far deeper than real images go, and so shallow that whoever walks a tree may recurse.
  public static final int MAX_NAMES = 512;

  /// The root directory itself: no names at all.
  public static final EntryPath ROOT = new EntryPath("");

  private final String latin1;

  private EntryPath(String latin1) {
    this.latin1 = latin1;
  }

  /// Reads `usr/bin`, `/usr/bin` or `/usr/bin/`; `/` and the empty text are the root.
  ///
  /// @throws IllegalArgumentException when a component is not a name
  public static EntryPath parse(String text) {
    return ofLatin1(trimSlashes(Bytes.utf8(text).latin1()));
  }

  /// As [#parse], for names that may not be UTF-8.
  public static EntryPath of(byte[] bytes) {
    return ofLatin1(trimSlashes(new String(bytes, StandardCharsets.ISO_8859_1)));
  }

  private static EntryPath ofLatin1(String latin1) {
    if (latin1.isEmpty()) {
      return ROOT;
    }
    int from = 0;
    for (int slash = latin1.indexOf('/'); slash >= 0; slash = latin1.indexOf('/', from)) {
      var _ = EntryName.ofLatin1(latin1.substring(from, slash));
      from = slash + 1;
    }
    var _ = EntryName.ofLatin1(latin1.substring(from));
    String fault = fault(latin1);
    if (fault != null) {
      throw new IllegalArgumentException(fault);
    }
    return new EntryPath(latin1);
  }

  /// What keeps names that are good each from being a path; null when nothing does.
  private static @Nullable String fault(String latin1) {
    if (latin1.length() < MAX_NAMES) {
      return null;
    }
    String start = Bytes.printable(latin1.substring(0, 60));
    if (latin1.length() > MAX_BYTES) {
      return "path longer than " + MAX_BYTES + " bytes: " + start;
    } else if (latin1.chars().filter(c -> c == '/').count() >= MAX_NAMES) {
      return "path of more than " + MAX_NAMES + " names: " + start;
    }
    return null;
  }

  private static String trimSlashes(String latin1) {
    int from = latin1.startsWith("/") ? 1 : 0;
    int to = latin1.length();
    if (to > from && latin1.endsWith("/")) {
      to--;
    }
    return latin1.substring(from, to);
  }

  /// What a name found in a tar means: absolute names start at the root, `.` and empty components
  /// vanish, `..` takes one name back and stops at the root. No link is followed.
  ///
  /// @throws IllegalArgumentException when a component is not a name
  public static EntryPath clean(Bytes name) {
    return clean(name.latin1());
  }

  static EntryPath clean(String latin1) {
    if (isClean(latin1)) {
      return ofLatin1(latin1);
    }
    Deque<String> names = new ArrayDeque<>();
    for (String name : latin1.split("/", -1)) {
      if (name.equals("..")) {
        names.pollLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
    }
    return ofLatin1(String.join("/", names));
  }

  private static boolean isClean(String latin1) {
    return !latin1.startsWith("/")
        && !latin1.startsWith(".")
        && !latin1.endsWith("/")
        && !latin1.contains("//")
        && !latin1.contains("/.");
  }

  public boolean isRoot() {
    return latin1.isEmpty();
  }

  /// The directory that holds this path.
  ///
  /// @throws IllegalStateException at the root
  public EntryPath parent() {
    requireNotRoot();
    int slash = latin1.lastIndexOf('/');
    return slash < 0 ? ROOT : new EntryPath(latin1.substring(0, slash));
  }

  /// The last component.
  ///
  /// @throws IllegalStateException at the root
  public EntryName name() {
    requireNotRoot();
    return EntryName.ofLatin1(latin1.substring(latin1.lastIndexOf('/') + 1));
  }

  /// All components, outermost first.
  public List<EntryName> names() {
    List<EntryName> names = new ArrayList<>();
    int from = 0;
    while (from < latin1.length()) {
      int slash = latin1.indexOf('/', from);
      int to = slash < 0 ? latin1.length() : slash;
      names.add(EntryName.ofLatin1(latin1.substring(from, to)));
      from = to + 1;
    }
    return names;
  }

  /// The path of `name` in this directory.
  ///
  /// @throws LayerException when that is too long, or too deep
  public EntryPath resolve(EntryName name) {
    return isRoot() ? new EntryPath(name.latin1()) : joined(latin1 + "/" + name.latin1());
  }

  private static EntryPath joined(String latin1) {
    String fault = fault(latin1);
    if (fault != null) {
      throw new LayerException(fault);
    }
    return new EntryPath(latin1);
  }

  /// This path with all of `that` below it.
  public EntryPath resolve(EntryPath that) {
    return isRoot() ? that : that.isRoot() ? this : joined(latin1 + "/" + that.latin1);
  }

  public byte[] bytes() {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  String latin1() {
    return latin1;
  }

  private void requireNotRoot() {
    if (isRoot()) {
      throw new IllegalStateException("the root has neither name nor parent");
    }
  }

  @Override
  public int compareTo(EntryPath that) {
    return latin1.compareTo(that.latin1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntryPath that && latin1.equals(that.latin1);
  }

  @Override
  public int hashCode() {
    return latin1.hashCode();
  }

  /// The path as it is, with a leading slash; what is not UTF-8 in it is replaced. To be held
  /// against what people write, while [#toString] is for them to read.
  public String text() {
    return "/" + new String(bytes(), StandardCharsets.UTF_8);
  }

  /// The path as people read it, with a leading slash.
  @Override
  public String toString() {
    return "/" + Bytes.printable(latin1);
  }
}
