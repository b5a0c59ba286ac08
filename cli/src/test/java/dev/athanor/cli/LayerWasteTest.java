package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.LayerOutline;
import dev.athanor.oci.layer.LayerOutline.Item;
import dev.athanor.oci.layer.LayerOutline.Kind;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What layers hide of each other, and what is shown of their files.
final class LayerWasteTest {
  private static Item item(String path, Kind kind, long size) {
    return new Item(EntryPath.parse(path), kind, size);
  }

  private static Item file(String path, long size) {
    return item(path, Kind.FILE, size);
  }

  private static LayerOutline layer(Item... items) {
    return new LayerOutline(Compression.GZIP, 0, List.of(items));
  }

  private static List<String> hidden(LayerOutline... layers) {
    return LayerWaste.of(Arrays.asList(layers)).stream()
        .map(it -> it.path() + " " + it.size() + " " + it.layer() + "<" + it.by())
        .toList();
  }

  @Test
  void whatIsReplacedOrRemoved_isHidden_largestFirst() {
    assertThat(
            hidden(
                layer(file("a", 1), file("b", 2), file("c", 3)),
                layer(file("a", 10), item("b", Kind.HIDES, 0)),
                layer(file("a", 5))))
        .containsExactly("/a 10 1<2", "/b 2 0<1", "/a 1 0<1")
        .inOrder();
  }

  @Test
  void folderThatGoes_takesAllBelow_andNothingBeside() {
    LayerOutline below =
        layer(file("d/x", 1), file("d/e/y", 2), file("d-more", 4), file("d.more/z", 8));
    assertThat(hidden(below, layer(item("d", Kind.HIDES, 0))))
        .containsExactly("/d/x 1 0<1", "/d/e/y 2 0<1");
    assertThat(hidden(below, layer(item("d", Kind.EMPTIES, 0))))
        .containsExactly("/d/x 1 0<1", "/d/e/y 2 0<1");
    assertThat(hidden(below, layer(file("d", 7)))).hasSize(2);
    assertThat(hidden(below, layer(item("d", Kind.DIRECTORY, 0)))).isEmpty();
    assertThat(hidden(below, layer(item("", Kind.EMPTIES, 0)))).hasSize(4);
  }

  /// Wherever they stand in the tar.
  @Test
  void markers_areAboutLowerLayersOnly() {
    assertThat(hidden(layer(file("d/x", 1)), layer(file("d/y", 2), item("d", Kind.EMPTIES, 0))))
        .containsExactly("/d/x 1 0<1");
  }

  private static JsonArray tree(List<Item> items, int nodes) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      new LayerTree(items, nodes).write(json);
    }
    return JsonParser.parseString(text.toString()).getAsJsonArray();
  }

  @Test
  void tree_hasFoldersWithTheirSums() throws IOException {
    JsonArray root = tree(List.of(file("a/b/c", 5), file("a/d", 7), file("e", 1)), 100);

    assertThat(root.toString())
        .isEqualTo("[\"\",13,3,[[\"a\",12,2,[[\"d\",7],[\"b\",5,1,[[\"c\",5]]]]],[\"e\",1]]]");
  }

  @Test
  void tree_isCutDown_andItsSumsAreWhole() throws IOException {
    List<Item> items = new ArrayList<>();
    long sum = 0;
    for (int i = 0; i < 50_000; i++) {
      items.add(file("d" + i % 200 + "/e" + i % 30 + "/f" + i, i));
      sum += i;
    }

    JsonArray root = tree(items, 500);

    assertThat(root.get(1).getAsLong()).isEqualTo(sum);
    assertThat(root.get(2).getAsInt()).isEqualTo(50_000);
    assertThat(check(root)).isAtMost(700);
  }

  /// Holds that what stands in a folder is all that it has, and counts what is shown.
  private static int check(JsonArray folder) {
    if (folder.size() < 4 || folder.get(3).isJsonNull()) {
      return 1;
    }
    long bytes = 0;
    int shown = 1;
    for (var child : folder.get(3).getAsJsonArray()) {
      bytes += child.getAsJsonArray().get(1).getAsLong();
      shown += check(child.getAsJsonArray());
    }
    assertThat(bytes).isEqualTo(folder.get(1).getAsLong());
    return shown;
  }
}
