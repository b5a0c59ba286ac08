package dev.athanor.oci.rootfs;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.oci.layer.Pack;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A root filesystem: what it is, and where its bytes are.
///
/// Two root filesystems hold the same tree exactly when their `listing` is equal; the packs say
/// only how to find nodes and contents, which may also be blobs of their own.
///
/// @param listing the root directory's node, see [Directory]
/// @param packs every blob beyond the nodes and contents that are blobs themselves
public record RootFs(Digest listing, List<Pack> packs) {
  private static final String FORMAT = "athanor-rootfs 1";

  public RootFs {
    packs = List.copyOf(packs);
  }

  /// A few lines of text: the format, `listing DIGEST`, then `pack DATA INDEX` for each pack; a
  /// digest is written `hex/size`.
  public byte[] encode() {
    StringBuilder out = new StringBuilder(FORMAT).append("\nlisting ").append(listing).append('\n');
    packs.forEach(pack ->
        out.append("pack ").append(pack.data()).append(' ').append(pack.index()).append('\n'));
    return out.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /// Reads what [#encode] wrote.
  ///
  /// @throws IllegalArgumentException when it is anything else
  public static RootFs parse(byte[] encoded) {
    List<String> lines = new String(encoded, StandardCharsets.ISO_8859_1).lines().toList();
    if (lines.size() < 2 || !lines.getFirst().equals(FORMAT)) {
      throw new IllegalArgumentException("not a root filesystem");
    }
    List<Pack> packs = new ArrayList<>();
    for (String line : lines.subList(2, lines.size())) {
      List<Digest> digests = digests(line, "pack", 2);
      packs.add(new Pack(digests.get(0), digests.get(1)));
    }
    return new RootFs(digests(lines.get(1), "listing", 1).getFirst(), packs);
  }

  private static List<Digest> digests(String line, String key, int count) {
    String[] words = line.split(" ", -1);
    if (words.length != 1 + count || !words[0].equals(key)) {
      throw new IllegalArgumentException("not a line of a root filesystem: " + line);
    }
    List<Digest> digests = new ArrayList<>();
    for (int i = 1; i < words.length; i++) {
      int slash = words[i].indexOf('/');
      if (slash < 0) {
        throw new IllegalArgumentException("not a digest: " + words[i]);
      }
      Sha256 hash = Sha256.parse(words[i].substring(0, slash));
      digests.add(new Digest(hash, Long.parseLong(words[i].substring(slash + 1))));
    }
    return digests;
  }
}
