package dev.athanor.cli;

import com.google.gson.stream.JsonWriter;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.LayerOutline;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/// The files of a layer as folders with their sums, cut down to what is large: the largest folders
/// are opened first, until enough is shown. Every sum is whole, whatever is shown of it.
final class LayerTree {
  /// How many entries of one folder are shown.
  private static final int MAX_CHILDREN = 60;

  private static final Comparator<Folder> LARGEST =
      Comparator.comparingLong((Folder folder) -> folder.bytes).reversed();

  private final Folder root = new Folder("");
  private final Set<Folder> open = new HashSet<>();

  private static final class Folder {
    private final String name;
    private final Map<EntryName, Folder> folders = new LinkedHashMap<>();
    private final Map<String, Long> files = new LinkedHashMap<>();
    private long bytes;
    private int count;

    Folder(String name) {
      this.name = name;
    }

    int shown() {
      return Math.min(MAX_CHILDREN, folders.size() + files.size());
    }
  }

  /// @param nodes how many files and folders may be shown
  LayerTree(List<LayerOutline.Item> items, int nodes) {
    for (LayerOutline.Item item : items) {
      if (item.kind() == LayerOutline.Kind.FILE) {
        add(item.path(), item.size());
      }
    }
    choose(nodes);
  }

  private void add(EntryPath path, long size) {
    Folder at = root;
    at.bytes += size;
    at.count++;
    for (EntryName name : path.parent().names()) {
      at = at.folders.computeIfAbsent(name, it -> new Folder(it.toString()));
      at.bytes += size;
      at.count++;
    }
    at.files.merge(path.name().toString(), size, Long::sum);
  }

  private void choose(int nodes) {
    PriorityQueue<Folder> queue = new PriorityQueue<>(LARGEST);
    queue.add(root);
    int left = nodes;
    for (Folder next = queue.poll(); next != null && left > 0; next = queue.poll()) {
      open.add(next);
      left -= next.shown();
      queue.addAll(next.folders.values());
    }
  }

  /// ```
  /// FOLDER = [name, bytes, files, [NODE...]]  with null for the nodes of one that is not opened
  /// FILE   = [name, bytes]
  /// REST   = ["", bytes, files]               what a folder has besides
  /// ```
  void write(JsonWriter json) throws IOException {
    write(root, json);
  }

  private void write(Folder folder, JsonWriter json) throws IOException {
    json.beginArray().value(folder.name).value(folder.bytes).value(folder.count);
    if (open.contains(folder)) {
      json.beginArray();
      children(folder, json);
      json.endArray();
    } else {
      json.nullValue();
    }
    json.endArray();
  }

  private void children(Folder folder, JsonWriter json) throws IOException {
    PriorityQueue<Map.Entry<String, Long>> files =
        new PriorityQueue<>(Map.Entry.<String, Long>comparingByValue().reversed());
    files.addAll(folder.files.entrySet());
    PriorityQueue<Folder> folders = new PriorityQueue<>(LARGEST);
    folders.addAll(folder.folders.values());
    for (int i = 0; i < MAX_CHILDREN && !(files.isEmpty() && folders.isEmpty()); i++) {
      Folder larger = folders.peek();
      Map.Entry<String, Long> file = files.peek();
      if (larger != null && (file == null || larger.bytes >= file.getValue())) {
        folders.remove();
        write(larger, json);
      } else if (file != null) {
        files.remove();
        json.beginArray().value(file.getKey()).value(file.getValue()).endArray();
      }
    }
    long bytes =
        folders.stream().mapToLong(it -> it.bytes).sum()
            + files.stream().mapToLong(Map.Entry::getValue).sum();
    int count = folders.stream().mapToInt(it -> it.count).sum() + files.size();
    if (count > 0) {
      json.beginArray().value("").value(bytes).value(count).endArray();
    }
  }
}
