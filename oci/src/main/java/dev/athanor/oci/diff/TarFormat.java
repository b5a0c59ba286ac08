package dev.athanor.oci.diff;

import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Format;
import dev.athanor.engine.diff.Members;
import dev.athanor.engine.diff.Place;
import java.io.IOException;

/// tar as anybody writes it: v7, ustar, PAX, GNU. Tells of each header all that is in it, other
/// than the readers of [dev.athanor.oci.layer], which tell what it means for a layer.
final class TarFormat implements Format {
  @Override
  public String name() {
    return "tar";
  }

  @Override
  public boolean recognises(Data data) throws IOException {
    return data.size() >= TarBlock.SIZE && TarBlock.at(0, data).isHeader();
  }

  @Override
  public void compare(Data before, Data after, Place place) throws IOException {
    TarMembers was = TarMembers.read(before);
    TarMembers is = TarMembers.read(after);
    Members.compare(was.members(), is.members(), place);
    place.in("end").value(Aspect.ENCODING, was.end(), is.end());
  }
}
