package dev.athanor.oci.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What goes into a layer, where, and what it looks like there.
///
/// @param places the path of an input by the absolute path in the image that it gets
/// @param archives the paths of inputs that are tars to be taken whole
/// @param symlinks their targets by absolute path
/// @param directories absolute paths of directories that are there even when nothing is in them
/// @param edits later ones win
public record LayerSpec(
    SortedMap<String, String> places,
    List<String> archives,
    SortedMap<String, String> symlinks,
    List<String> directories,
    List<AttributeEdit> edits) {
  public LayerSpec {
    places = Collections.unmodifiableSortedMap(new TreeMap<>(places));
    archives = List.copyOf(archives);
    symlinks = Collections.unmodifiableSortedMap(new TreeMap<>(symlinks));
    directories = List.copyOf(directories);
    edits = List.copyOf(edits);
  }

  /// Files at their places and nothing else.
  public static LayerSpec of(SortedMap<String, String> places) {
    return new LayerSpec(places, List.of(), new TreeMap<>(), List.of(), List.of());
  }

  public boolean isEmpty() {
    return places.isEmpty() && archives.isEmpty() && symlinks.isEmpty() && directories.isEmpty();
  }

  /// As text for an action's parameters.
  public String encode() {
    JsonObject json = new JsonObject();
    json.add("places", Json.object(places));
    json.add("archives", Json.array(archives));
    json.add("symlinks", Json.object(symlinks));
    json.add("directories", Json.array(directories));
    JsonArray all = new JsonArray();
    edits.forEach(edit -> all.add(edit.json()));
    json.add("edits", all);
    return Json.text(json);
  }

  /// Reads what [#encode] wrote.
  public static LayerSpec parse(String text) {
    JsonObject json = Json.parse(text);
    List<AttributeEdit> edits = new ArrayList<>();
    for (JsonElement edit : json.getAsJsonArray("edits")) {
      edits.add(AttributeEdit.parse(edit.getAsJsonObject()));
    }
    return new LayerSpec(
        new TreeMap<>(Json.map(json.get("places"))),
        Json.list(json.get("archives")),
        new TreeMap<>(Json.map(json.get("symlinks"))),
        Json.list(json.get("directories")),
        edits);
  }
}
