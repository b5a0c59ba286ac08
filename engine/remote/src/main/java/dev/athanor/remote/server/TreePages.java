package dev.athanor.remote.server;

import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.GetTreeResponse;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A tree, page by page. A token says how many directories the client has had; what is not in the
/// store counts, though it is left out.
final class TreePages implements Pump.Source<GetTreeResponse> {
  private final TreeWalk walk;
  private final int most;
  private long passed;
  private @Nullable Directory held;
  private boolean ended;
  private boolean sent;

  /// @param pageSize zero for as much as a message holds
  /// @throws MissingBlobException when there is no root
  TreePages(Digest root, BlobStore blobs, int pageSize, String token) throws IOException {
    if (pageSize < 0) {
      throw new IllegalArgumentException("a page of " + pageSize + " directories");
    }
    if (!blobs.contains(root)) {
      throw new MissingBlobException(root);
    }
    walk = new TreeWalk(root, blobs);
    most = pageSize == 0 ? Integer.MAX_VALUE : pageSize;
    for (long skipped = parse(token); passed < skipped && !ended; ) {
      step();
    }
    advance();
  }

  private static long parse(String token) {
    try {
      return token.isEmpty() ? 0 : Long.parseUnsignedLong(token);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("this page token was not made here", e);
    }
  }

  /// There is always a first page, be it empty.
  @Override
  public Optional<GetTreeResponse> next() throws IOException {
    if (sent) {
      return Optional.empty();
    }
    var page = GetTreeResponse.newBuilder();
    long size = 0;
    for (Directory next = held;
        next != null && page.getDirectoriesCount() < most && fits(page, size, next);
        next = held) {
      size += next.getSerializedSize() + 8;
      page.addDirectories(next);
      advance();
    }
    sent = held == null;
    if (!sent) {
      // The one that is held has not been sent.
      page.setNextPageToken(Long.toString(passed - 1));
    }
    return Optional.of(page.build());
  }

  private static boolean fits(GetTreeResponse.Builder page, long size, Directory next) {
    return page.getDirectoriesCount() == 0 || Batches.fits(size, next.getSerializedSize());
  }

  private void advance() throws IOException {
    held = null;
    while (held == null && !ended) {
      held = step();
    }
  }

  private @Nullable Directory step() throws IOException {
    Optional<TreeWalk.Step> step = walk.next();
    ended = step.isEmpty();
    passed += ended ? 0 : 1;
    return step.flatMap(TreeWalk.Step::directory).orElse(null);
  }

  @Override
  public void close() {}
}
