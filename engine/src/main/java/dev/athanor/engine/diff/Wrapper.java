package dev.athanor.engine.diff;

import dev.athanor.engine.diff.Difference.Aspect;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// A format that wraps one file, to make it smaller. Two that are wrapped in different ways, or of
/// which one is not wrapped at all, are compared by what is inside.
public interface Wrapper extends Format {
  /// The fields of the header.
  List<Field> fields(Data data) throws IOException;

  /// How long the header is.
  long headerLength(Data data) throws IOException;

  /// What is inside. The stream may throw an [IOException] of any kind where it is damaged.
  InputStream unwrap(Data data) throws IOException;

  @Override
  default void compare(Data before, Data after, Place place) throws IOException {
    Place inside = place.in(name());
    Field.compare(fields(before), fields(after), inside);
    Data body = before.from(headerLength(before));
    Data otherBody = after.from(headerLength(after));
    long at = place.mismatch(0, body, otherBody);
    if (at < 0) {
      return;
    }
    try (Data was = unwrapped(this, before, place);
        Data is = unwrapped(this, after, place)) {
      boolean found = inside.finds(() -> inside.compare(was, is));
      if (!found) {
        String size = Shown.size(body.size());
        String otherSize = Shown.size(otherBody.size());
        boolean says = !size.equals(otherSize);
        place
            .in(name())
            .add(
                Aspect.ENCODING,
                says ? size : HexWindows.window(body, at),
                says ? otherSize : HexWindows.window(otherBody, at));
      }
    }
  }

  private static Data unwrapped(Wrapper wrapper, Data data, Place place) throws IOException {
    try (InputStream in = wrapper.unwrap(data)) {
      return place.unpack(in);
    }
  }

  /// Compares what is inside of two that are not wrapped in the same way; false where neither is
  /// wrapped or one is damaged.
  static boolean compare(
      Optional<Format> one, Data before, Optional<Format> other, Data after, Place place)
      throws IOException {
    if (!(one.orElse(null) instanceof Wrapper) && !(other.orElse(null) instanceof Wrapper)) {
      return false;
    }
    return place.attempt(() -> {
      try (Data was = inside(one, before, place);
          Data is = inside(other, after, place)) {
        place.add(Aspect.ENCODING, name(one), name(other));
        place.compare(was, is);
      }
    });
  }

  private static Data inside(Optional<Format> format, Data data, Place place) throws IOException {
    return format.orElse(null) instanceof Wrapper wrapper
        ? unwrapped(wrapper, data, place)
        : data.from(0);
  }

  private static String name(Optional<Format> format) {
    return format.filter(Wrapper.class::isInstance).map(Format::name).orElse("plain");
  }
}
