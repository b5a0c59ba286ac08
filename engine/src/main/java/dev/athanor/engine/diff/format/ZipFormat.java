package dev.athanor.engine.diff.format;

import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Format;
import dev.athanor.engine.diff.Members;
import dev.athanor.engine.diff.Place;
import java.io.IOException;

/// zip: jars, wheels and many others, with and without zip64, also behind a program that unpacks
/// them.
final class ZipFormat implements Format {
  private static final byte[] ENTRY = {'P', 'K', 3, 4};
  private static final byte[] EMPTY = {'P', 'K', 5, 6};

  @Override
  public String name() {
    return "zip";
  }

  @Override
  public boolean recognises(Data data) throws IOException {
    return data.startsWith(ENTRY) || data.startsWith(EMPTY);
  }

  @Override
  public void compare(Data before, Data after, Place place) throws IOException {
    ZipDirectory was = ZipDirectory.read(before);
    ZipDirectory is = ZipDirectory.read(after);
    place.in("comment").value(Aspect.VALUE, was.comment(), is.comment());
    Members.compare(was.members(), is.members(), place);
  }
}
