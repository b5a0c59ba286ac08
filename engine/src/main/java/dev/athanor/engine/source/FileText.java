package dev.athanor.engine.source;

import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a text file says. The file is read again only when its stamp is another one.
public record FileText(Path path) implements FileLeaf<FileText.Text> {
  /// Two of them are equal when they say the same, whenever they were read.
  public static final class Text {
    private final String text;
    private final @Nullable FileStamp stamp;

    private Text(String text, @Nullable FileStamp stamp) {
      this.text = text;
      this.stamp = stamp;
    }

    @Override
    public boolean equals(@Nullable Object that) {
      return that instanceof Text other && other.text.equals(text);
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }

    @Override
    public String toString() {
      return text;
    }
  }

  @Override
  public Text read(@Nullable Text previous) {
    try {
      long now = FileStamp.now();
      boolean unix = path.getFileSystem().supportedFileAttributeViews().contains("unix");
      FileStamp stamp = FileStamp.of(path, unix);
      if (previous != null && stamp.equals(previous.stamp)) {
        return previous;
      }
      String text = Files.readString(path);
      return new Text(text, stamp.settled(now) ? stamp : null);
    } catch (CharacterCodingException e) {
      throw new UserException(path + ": not UTF-8", "save the file as UTF-8", e);
    } catch (IOException e) {
      throw new UserException("cannot read " + path + ": " + e.getMessage(), "", e);
    }
  }

  @Override
  public Aspect aspect() {
    return Aspect.TEXT;
  }

  @Override
  public long fingerprint(Text text) {
    return Digester.fingerprint(text.toString());
  }

  @Override
  public String toString() {
    return "text of " + path;
  }
}
