package dev.athanor.remote.server;

import dev.athanor.engine.cas.Deletion;
import dev.athanor.engine.cas.LastUse;
import dev.athanor.engine.gc.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/// How large a cache directory may become, and what is in it besides the stores.
///
/// @param maxBytes what is not used for longest goes in time, and nothing comes in that would not
///   fit
/// @param grace how long something stays at least after it was used: whoever found it here has that
///   long to fetch it. Others that use the directory note no more often than [LastUse#NOTED]: less
///   is for a server that is alone
/// @param others what may go besides blobs and results
/// @param deletion how directories go
public record Bound(long maxBytes, Duration grace, Others others, Deletion deletion) {
  /// What may go besides blobs and results.
  @FunctionalInterface
  public interface Others {
    List<Folder> folders() throws IOException;
  }

  /// Room for everything.
  static final Bound NONE =
      new Bound(Long.MAX_VALUE, LastUse.NOTED, List::of, Files::deleteIfExists);

  boolean isThere() {
    return maxBytes != Long.MAX_VALUE;
  }
}
