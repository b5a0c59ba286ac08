package dev.athanor.oci.diff;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.engine.diff.DamagedException;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Format;
import dev.athanor.engine.diff.Place;
import dev.athanor.engine.diff.format.JsonComparison;
import dev.athanor.engine.diff.format.JsonFormat;
import java.io.IOException;

/// JSON whose descriptors lead into the blobs that they name: manifests, indexes, configs, and the
/// files that stand for images between actions.
///
/// What names something by its digest differs because that differs, so the digest is not told where
/// the store has both blobs.
final class DocumentFormat implements Format {
  private static final String DIFF_IDS = "$.rootfs.diff_ids";

  private final JsonFormat json = new JsonFormat();

  @Override
  public String name() {
    return json.name();
  }

  @Override
  public boolean recognises(Data data) throws IOException {
    return json.recognises(data);
  }

  @Override
  public void compare(Data before, Data after, Place place) throws IOException {
    JsonElement was = JsonFormat.parse(before);
    JsonElement is = JsonFormat.parse(after);
    boolean layersTold = layersTold(was, is, place);
    new JsonComparison(place, (path, one, other) -> follow(path, one, other, layersTold, place))
        .compare(was, is);
  }

  /// Whether `one` and `other` are descriptors of blobs that could be compared instead.
  private static boolean follow(
      String path, JsonElement one, JsonElement other, boolean layersTold, Place place)
      throws IOException {
    if (!Pointer.bothThere(one, other, place.blobs())) {
      return false;
    }
    Pointer was = Pointer.of(one).orElseThrow();
    Pointer is = Pointer.of(other).orElseThrow();
    if (!was.blob().equals(is.blob()) && place.isFull()) {
      place.leaveOut(1);
    } else if (!was.blob().equals(is.blob())) {
      Place inside = was.place(path, place);
      try (Data before = place.open(was.blob());
          Data after = place.open(is.blob())) {
        if (path.equals("$.config") && layersTold) {
          config(before, after, inside);
        } else {
          inside.compare(before, after);
        }
      }
    }
    JsonComparison.of(place).compare(path, was.rest(), is.rest());
    return true;
  }

  /// The config of an image names the layers that its manifest names, too.
  private static void config(Data before, Data after, Place place) throws IOException {
    try {
      JsonElement was = JsonFormat.parse(before);
      JsonElement is = JsonFormat.parse(after);
      new JsonComparison(place, (path, _, _) -> path.equals(DIFF_IDS)).compare(was, is);
    } catch (DamagedException e) {
      place.compare(before, after);
    }
  }

  /// Whether what differs in the layers is told layer by layer.
  private static boolean layersTold(JsonElement before, JsonElement after, Place place)
      throws IOException {
    if (before instanceof JsonObject was
        && after instanceof JsonObject is
        && was.get("layers") instanceof JsonArray layers
        && is.get("layers") instanceof JsonArray others
        && layers.size() == others.size()) {
      for (int i = 0; i < layers.size(); i++) {
        if (!Pointer.bothThere(layers.get(i), others.get(i), place.blobs())) {
          return false;
        }
      }
      return true;
    }
    return false;
  }
}
