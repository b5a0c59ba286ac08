package dev.athanor.cli;

import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.LayerOutline;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Finds the files of an image that nobody can see: a later layer replaces or removes them, and
/// they are sent all the same. Paths count as they are in the layers; no link is followed.
final class LayerWaste {
  /// A file that is hidden.
  ///
  /// @param layer the number of the layer that has it
  /// @param by the number of the layer that hides it
  record Hidden(EntryPath path, long size, int layer, int by) {}

  private record Seen(EntryPath path, long size, int layer) {}

  /// What can be seen so far, with everything in a folder right behind the folder.
  private final TreeMap<String, Seen> seen = new TreeMap<>();

  private final List<Hidden> hidden = new ArrayList<>();

  private LayerWaste() {}

  /// The hidden files, largest first.
  ///
  /// @param layers lowest first
  static List<Hidden> of(List<LayerOutline> layers) {
    LayerWaste waste = new LayerWaste();
    for (int layer = 0; layer < layers.size(); layer++) {
      waste.take(layers.get(layer), layer);
    }
    waste.hidden.sort(Comparator.comparingLong(Hidden::size).reversed());
    return waste.hidden;
  }

  private void take(LayerOutline layer, int number) {
    // Markers are about lower layers only, wherever they stand in the tar.
    for (LayerOutline.Item item : layer.items()) {
      switch (item.kind()) {
        case HIDES -> {
          hide(item.path(), number);
          hideBelow(item.path(), number);
        }
        case EMPTIES -> hideBelow(item.path(), number);
        case FILE, DIRECTORY, OTHER -> {}
      }
    }
    for (LayerOutline.Item item : layer.items()) {
      switch (item.kind()) {
        case FILE, OTHER -> {
          hide(item.path(), number);
          hideBelow(item.path(), number);
          if (item.kind() == LayerOutline.Kind.FILE) {
            seen.put(key(item.path()), new Seen(item.path(), item.size(), number));
          }
        }
        case DIRECTORY -> hide(item.path(), number);
        case HIDES, EMPTIES -> {}
      }
    }
  }

  private void hide(EntryPath path, int by) {
    Seen file = seen.remove(key(path));
    if (file != null) {
      note(file, by);
    }
  }

  private void hideBelow(EntryPath path, int by) {
    String start = path.isRoot() ? "" : key(path) + '\0';
    SortedMap<String, Seen> rest = seen.tailMap(start);
    Iterator<Map.Entry<String, Seen>> files = rest.entrySet().iterator();
    while (files.hasNext()) {
      Map.Entry<String, Seen> file = files.next();
      if (!file.getKey().startsWith(start)) {
        break;
      }
      note(file.getValue(), by);
      files.remove();
    }
  }

  private void note(Seen file, int by) {
    if (file.size > 0) {
      hidden.add(new Hidden(file.path, file.size, file.layer, by));
    }
  }

  /// The path with NUL, which is in no name, for a slash: so a folder's files stand together.
  private static String key(EntryPath path) {
    return new String(path.bytes(), StandardCharsets.ISO_8859_1).replace('/', '\0');
  }
}
