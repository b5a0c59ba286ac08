package dev.athanor.oci.diff;

import dev.athanor.engine.diff.DamagedException;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Format;
import dev.athanor.engine.diff.Place;
import dev.athanor.oci.layer.LayerException;
import dev.athanor.oci.rootfs.RootFs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The file that stands for a root filesystem between actions, as the files that it leads to.
final class RootFsFormat implements Format {
  private static final byte[] MAGIC = "athanor-rootfs ".getBytes(StandardCharsets.US_ASCII);
  private static final int LARGEST = 16 << 20;

  @Override
  public String name() {
    return "root filesystem";
  }

  @Override
  public boolean recognises(Data data) throws IOException {
    return data.startsWith(MAGIC);
  }

  @Override
  public void compare(Data before, Data after, Place place) throws IOException {
    try {
      RootFs was = RootFs.parse(before.all(LARGEST));
      RootFs is = RootFs.parse(after.all(LARGEST));
      if (was.listing().equals(is.listing())) {
        place.in("packs").add(Aspect.ENCODING, was.packs().toString(), is.packs().toString());
      } else {
        files(was, is, place);
      }
    } catch (IllegalArgumentException | LayerException e) {
      throw new DamagedException("no root filesystem", e);
    }
  }

  private static void files(RootFs before, RootFs after, Place place) throws IOException {
    boolean found = place.finds(() -> RootFsChanges.report(before, after, place));
    if (!found) {
      // All that changes leave out.
      place
          .in("times below a second")
          .add(Aspect.TIME, before.listing().hex(), after.listing().hex());
    }
  }
}
