package dev.athanor.oci.layer;

import java.util.function.UnaryOperator;

/// One change that a layer makes to the tree below it.
public sealed interface Entry {
  /// What the entry is about: for a whiteout the path that vanishes, not the marker's name.
  EntryPath path();

  /// A directory with these attributes; what it holds already stays.
  record Directory(EntryPath path, Attributes attributes) implements Entry {}

  /// A regular file.
  record File(EntryPath path, Attributes attributes, Content content) implements Entry {
    public File {
      requireName(path);
    }
  }

  /// A symbolic link; its target is kept as it is, absolute or dangling.
  record Symlink(EntryPath path, Attributes attributes, Bytes target) implements Entry {
    public Symlink {
      requireName(path);
      if (target.isEmpty() || target.length() > EntryPath.MAX_BYTES) {
        throw new IllegalArgumentException(path + ": link target of " + target.length() + " bytes");
      }
      if (target.latin1().indexOf('\0') >= 0) {
        throw new IllegalArgumentException(path + ": link target with NUL");
      }
    }
  }

  /// One more name for the file at `target`, whose attributes are repeated here: some readers apply
  /// the attributes of each name they meet.
  record HardLink(EntryPath path, Attributes attributes, EntryPath target) implements Entry {
    public HardLink {
      requireName(path);
      requireName(target);
    }
  }

  /// A character or block device.
  record Device(EntryPath path, Attributes attributes, DeviceNumber number) implements Entry {
    public Device {
      requireName(path);
    }
  }

  /// A named pipe.
  record Fifo(EntryPath path, Attributes attributes) implements Entry {
    public Fifo {
      requireName(path);
    }
  }

  /// Hides what lower layers have at `path`.
  record Whiteout(EntryPath path) implements Entry {
    public Whiteout {
      requireName(path);
    }
  }

  /// Hides all that lower layers have inside the directory `path`.
  record Opaque(EntryPath path) implements Entry {}

  /// The entry with other attributes; markers have none.
  default Entry edited(UnaryOperator<Attributes> edit) {
    return switch (this) {
      case Directory(var path, var attributes) -> new Directory(path, edit.apply(attributes));
      case File(var path, var attributes, var content) ->
          new File(path, edit.apply(attributes), content);
      case Symlink(var path, var attributes, var target) ->
          new Symlink(path, edit.apply(attributes), target);
      case HardLink(var path, var attributes, var target) ->
          new HardLink(path, edit.apply(attributes), target);
      case Device(var path, var attributes, var number) ->
          new Device(path, edit.apply(attributes), number);
      case Fifo(var path, var attributes) -> new Fifo(path, edit.apply(attributes));
      case Whiteout _, Opaque _ -> this;
    };
  }

  private static void requireName(EntryPath path) {
    if (path.isRoot()) {
      throw new IllegalArgumentException("the root can only be a directory");
    }
  }
}
