package dev.athanor.remote.server;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a stream is about: a blob to be read, or one that comes in.
///
/// ```
/// {instance}/blobs/{hash}/{size}                       {instance}/uploads/{uuid}/blobs/{hash}/{size}
/// {instance}/compressed-blobs/zstd/{hash}/{size}       {instance}/uploads/{uuid}/compressed-blobs/zstd/{hash}/{size}
/// ```
///
/// Any instance is as good as any other, and may be missing with its slash. The name of the digest
/// function may stand before the hash. What follows the size of an upload is for people.
///
/// @param upload names the attempt to send it; empty for reading
/// @param zstd whether it travels compressed; the digest is that of the plain bytes all the same
record ResourceName(String upload, boolean zstd, Digest digest) {
  private static final Pattern NAME =
      Pattern.compile(
          "(?:.*?/)??(?:uploads/([^/]+)/)?(?:blobs|compressed-blobs/([^/]+))"
              + "/(?:sha256/)?([0-9a-f]{64})/([0-9]{1,18})(/.*)?");

  /// @throws IllegalArgumentException when it is none
  static ResourceName ofBlob(String text) {
    ResourceName name = parse(text);
    if (!name.upload.isEmpty()) {
      throw new IllegalArgumentException("an upload cannot be read: " + text);
    }
    return name;
  }

  /// @throws IllegalArgumentException when it is none
  static ResourceName ofUpload(String text) {
    ResourceName name = parse(text);
    if (name.upload.isEmpty()) {
      throw new IllegalArgumentException("the name of an upload is expected: " + text);
    }
    return name;
  }

  private static ResourceName parse(String text) {
    Matcher matcher = NAME.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("the name of no blob: " + text);
    }
    String upload = matcher.group(1) == null ? "" : matcher.group(1);
    String compressor = matcher.group(2);
    if (compressor != null && !compressor.equals("zstd")) {
      throw new IllegalArgumentException("the compressor '" + compressor + "' is not supported");
    }
    if (upload.isEmpty() && matcher.group(5) != null) {
      throw new IllegalArgumentException("the name of no blob: " + text);
    }
    return new ResourceName(
        upload,
        compressor != null,
        new Digest(Sha256.parse(matcher.group(3)), Long.parseLong(matcher.group(4))));
  }
}
