package dev.athanor.engine.diff;

import java.util.ArrayList;
import java.util.List;

/// One thing that differs.
///
/// @param where from the outside to the inside, as in `layer.tar.gz`, `gzip`, `etc/passwd`,
///   `mtime`; empty for what is compared itself
/// @param aspect what of that place it is
/// @param before what stands there on one side, as text for people; empty where nothing does
/// @param after the same on the other side
public record Difference(List<String> where, Aspect aspect, String before, String after) {
  public Difference {
    where = List.copyOf(where);
  }

  /// The same, seen from further outside.
  public Difference within(String place) {
    List<String> steps = new ArrayList<>(where);
    steps.addFirst(place);
    return new Difference(steps, aspect, before, after);
  }

  /// What can differ.
  public enum Aspect {
    /// A point in time, in a header or field that is for one.
    TIME,
    /// Permissions.
    MODE,
    /// User or group, by name or number.
    OWNER,
    /// The same members or lines, in another order.
    ORDER,
    /// Something that only one side has.
    PRESENCE,
    /// What kind of thing it is, such as file or directory.
    KIND,
    /// Where a link leads.
    TARGET,
    /// Bytes that name a build.
    BUILD_ID,
    /// A value of a document or a field of a header that is none of the above.
    VALUE,
    /// Lines of text; `before` and `after` have one or more of them, with what stands around, which
    /// is the same on both sides.
    TEXT,
    /// Bytes without a structure that is known; `before` and `after` are hexadecimal windows.
    BYTES,
    /// The same contents, packed or written in another way.
    ENCODING
  }
}
