package dev.athanor.oci.diff;

import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.layer.EntryPath;
import java.util.List;
import java.util.Optional;

/// What has become of one path of a root filesystem.
///
/// @param traits what differs; empty where all of it came or is gone
/// @param contents of a file that has others now
public record RootFsChange(
    How how, EntryPath path, List<Trait> traits, Optional<Contents> contents) {
  public RootFsChange {
    traits = List.copyOf(traits);
  }

  /// What happened.
  public enum How {
    ADDED,
    REMOVED,
    CHANGED
  }

  /// Something about a path that is different.
  ///
  /// @param name such as `mode`; empty where the values speak for themselves
  public record Trait(Aspect aspect, String name, String before, String after) {
    static final String XATTRS = "extended attributes";

    /// In a few words, such as `mode 644 → 600`. Extended attributes may be long, and no text.
    public String text() {
      if (name.equals(XATTRS)) {
        return name;
      }
      return (name.isEmpty() ? "" : name + " ") + before + " → " + after;
    }
  }

  /// Bytes before and after.
  public record Contents(Digest before, Digest after) {
    /// In a few words.
    public String text() {
      return "content, " + before.size() + " → " + after.size() + " bytes";
    }
  }
}
