package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.layer.Pack;
import dev.athanor.oci.rootfs.RootFs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What actions that make a root filesystem have in common.
final class RootFilesystems {
  private RootFilesystems() {}

  /// Leaves the root filesystem behind as the action's first output.
  static void output(ActionContext context, RootFs root) throws IOException {
    List<Digest> packs = new ArrayList<>();
    for (Pack pack : root.packs()) {
      packs.add(pack.data());
      packs.add(pack.index());
    }
    context.refersTo(packs);
    context.write(context.action().outputs().getFirst(), root.encode());
  }
}
