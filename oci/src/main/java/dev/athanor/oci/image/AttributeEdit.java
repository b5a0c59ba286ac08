package dev.athanor.oci.image;

import com.google.gson.JsonObject;
import dev.athanor.engine.tree.PathPattern;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Entry;
import java.time.Instant;

/// Gives all files of a layer that a pattern matches another mode, owner or time.
///
/// A pattern is held against the absolute path. With a slash at its end it is for directories only;
/// without one, modes are for everything but directories and symlinks, since no one mode suits a
/// directory and what is in it, and owners and times for everything.
public sealed interface AttributeEdit {
  /// As the user wrote it.
  String pattern();

  Attributes apply(Attributes attributes);

  /// @param bits what `chmod` can set
  record Mode(String pattern, int bits) implements AttributeEdit {
    @Override
    public Attributes apply(Attributes attributes) {
      return attributes.withMode(bits);
    }
  }

  record Owner(String pattern, long uid, long gid) implements AttributeEdit {
    @Override
    public Attributes apply(Attributes attributes) {
      return attributes.withOwner(uid, gid);
    }
  }

  record Mtime(String pattern, Instant time) implements AttributeEdit {
    @Override
    public Attributes apply(Attributes attributes) {
      return attributes.withMtime(time);
    }
  }

  /// What of a layer the edit is for.
  default Matcher matcher() {
    boolean directoriesOnly = pattern().length() > 1 && pattern().endsWith("/");
    PathPattern paths =
        PathPattern.of(
            directoriesOnly ? pattern().substring(0, pattern().length() - 1) : pattern());
    return new Matcher(this, paths, directoriesOnly);
  }

  /// An edit, ready to be held against many entries.
  record Matcher(AttributeEdit edit, PathPattern paths, boolean directoriesOnly) {
    public boolean matches(Entry entry) {
      boolean suits =
          switch (entry) {
            case Entry.Directory _ -> directoriesOnly || !(edit instanceof Mode);
            case Entry.Symlink _ -> !directoriesOnly && !(edit instanceof Mode);
            case Entry.Whiteout _, Entry.Opaque _ -> false;
            default -> !directoriesOnly;
          };
      return suits && paths.matches(entry.path().text());
    }
  }

  /// As a member of the parameters of an action.
  default JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("pattern", pattern());
    switch (this) {
      case Mode mode -> json.addProperty("mode", mode.bits);
      case Owner owner -> {
        json.addProperty("uid", owner.uid);
        json.addProperty("gid", owner.gid);
      }
      case Mtime mtime -> json.addProperty("mtime", mtime.time.toString());
    }
    return json;
  }

  /// Reads what [#json] wrote.
  static AttributeEdit parse(JsonObject json) {
    String pattern = json.get("pattern").getAsString();
    if (json.has("mode")) {
      return new Mode(pattern, json.get("mode").getAsInt());
    }
    return json.has("uid")
        ? new Owner(pattern, json.get("uid").getAsLong(), json.get("gid").getAsLong())
        : new Mtime(pattern, Instant.parse(json.get("mtime").getAsString()));
  }
}
