package dev.athanor.cli;

import com.google.gson.JsonObject;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.diff.Comparison;
import dev.athanor.engine.diff.DifferenceText;
import dev.athanor.engine.diff.Differences;
import dev.athanor.engine.diff.Limits;
import dev.athanor.oci.diff.ImageFormats;
import dev.athanor.oci.diff.RootFsChange;
import dev.athanor.oci.diff.RootFsChanges;
import dev.athanor.oci.rootfs.RootFs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A change from one root filesystem to another, as it is shown.
///
/// @param inside what differs in a file, where somebody wants to know
record ImageChange(RootFsChange change, Optional<Differences> inside) {
  /// Of one file; who wants to see more looks at the file.
  private static final Limits LIMITS =
      new Limits(20, Limits.DEFAULT.depth(), Limits.DEFAULT.unpackedBytes());

  /// @param contents whether to look into files
  static List<ImageChange> between(RootFs from, RootFs to, BlobStore blobs, boolean contents)
      throws IOException {
    Comparison comparison = new Comparison(blobs, ImageFormats.ALL, LIMITS);
    List<ImageChange> all = new ArrayList<>();
    try (RootFsChanges changes = RootFsChanges.between(from, to, blobs)) {
      for (RootFsChange change : changes.list()) {
        all.add(
            new ImageChange(
                change,
                contents && change.contents().isPresent()
                    ? Optional.of(changes.of(change.contents().get(), comparison))
                    : Optional.empty()));
      }
    }
    return all;
  }

  private String what() {
    List<String> what = new ArrayList<>();
    change.contents().ifPresent(contents -> what.add(contents.text()));
    change.traits().forEach(trait -> what.add(trait.text()));
    return String.join(", ", what);
  }

  /// A line, and below it, indented, what differs inside.
  List<String> lines() {
    char how =
        switch (change.how()) {
          case ADDED -> '+';
          case REMOVED -> '-';
          case CHANGED -> '~';
        };
    String what = what();
    List<String> lines = new ArrayList<>();
    lines.add(how + " " + change.path() + (what.isEmpty() ? "" : "  " + what));
    inside.ifPresent(it -> DifferenceText.lines(it).forEach(line -> lines.add("    " + line)));
    return lines;
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("path", change.path().toString());
    json.addProperty(
        "change",
        switch (change.how()) {
          case ADDED -> "added";
          case REMOVED -> "removed";
          case CHANGED -> "changed";
        });
    String what = what();
    if (!what.isEmpty()) {
      json.addProperty("what", what);
    }
    inside.ifPresent(it -> {
      json.add("contents", DifferenceJson.of(it.list()));
      if (it.leftOut() > 0) {
        json.addProperty("contentsLeftOut", it.leftOut());
      }
    });
    return json;
  }
}
