package dev.athanor.oci.lock;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.athanor.engine.UserException;
import dev.athanor.oci.model.Reference;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// All that is known of tags.
///
/// @param images by reference, `repository:tag`
public record LockFile(SortedMap<String, LockedImage> images) {
  /// Its name, at the root of the workspace.
  public static final String NAME = "athanor.lock";

  public static final LockFile EMPTY = new LockFile(new TreeMap<>());

  private static final int VERSION = 1;

  public LockFile {
    images = Collections.unmodifiableSortedMap(new TreeMap<>(images));
  }

  public Optional<LockedImage> find(Reference tag) {
    return Optional.ofNullable(images.get(tag.toString()));
  }

  /// The text of the file: sorted and indented, so that a change of one image is a change of a few
  /// lines.
  public String text() {
    JsonObject json = new JsonObject();
    json.addProperty("version", VERSION);
    JsonObject all = new JsonObject();
    images.forEach((reference, image) -> all.add(reference, image.json()));
    json.add("images", all);
    return new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create().toJson(json) + "\n";
  }

  /// Reads what [#text] wrote.
  ///
  /// @throws UserException when it is anything else, such as what a merge left behind
  public static LockFile parse(String text) {
    try {
      JsonObject json = JsonParser.parseString(text).getAsJsonObject();
      int version = json.get("version").getAsInt();
      if (version != VERSION) {
        throw new UserException(
            NAME + " has version " + version, "this Athanor reads version " + VERSION);
      }
      SortedMap<String, LockedImage> images = new TreeMap<>();
      for (Map.Entry<String, JsonElement> image : json.getAsJsonObject("images").entrySet()) {
        images.put(
            Reference.parse(image.getKey()).toString(),
            LockedImage.read(image.getValue().getAsJsonObject()));
      }
      return new LockFile(images);
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      throw unreadable(e);
    } catch (UnsupportedOperationException | NumberFormatException | ClassCastException e) {
      throw unreadable(e);
    } catch (UserException e) {
      throw String.valueOf(e.getMessage()).startsWith(NAME) ? e : unreadable(e);
    }
  }

  private static UserException unreadable(RuntimeException e) {
    return new UserException(
        NAME + " cannot be read: " + e.getMessage(),
        "it is written by `athanor lock`; remove what a merge left in it, or remove it and lock anew",
        e);
  }
}
