package dev.athanor.oci.diff;

import dev.athanor.engine.diff.DamagedException;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Format;
import dev.athanor.engine.diff.Place;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.layer.LayerException;
import dev.athanor.oci.layer.Pack;
import dev.athanor.oci.rootfs.RootFs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

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
        place.in("packs").add(Aspect.ENCODING, packs(was, is), packs(is, was));
      } else {
        files(was, is, place);
      }
    } catch (IllegalArgumentException | LayerException e) {
      throw new DamagedException("no root filesystem", e);
    }
  }

  /// How many there are, and which one is the first that the other side does not have there.
  private static String packs(RootFs side, RootFs other) {
    List<Pack> packs = side.packs();
    int first = 0;
    while (first < packs.size()
        && first < other.packs().size()
        && packs.get(first).equals(other.packs().get(first))) {
      first++;
    }
    if (first == packs.size()) {
      return Integer.toString(first);
    }
    Pack pack = packs.get(first);
    boolean sameData =
        first < other.packs().size() && other.packs().get(first).data().equals(pack.data());
    String what = sameData ? "the index of number " : "number ";
    Digest digest = sameData ? pack.index() : pack.data();
    return packs.size() + ", " + what + (first + 1) + " is " + digest.hex();
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
