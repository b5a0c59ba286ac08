/// A cache for others: the stores of a cache directory behind the Remote Execution API and behind
/// the HTTP protocol of Bazel's caches. Knows nothing of flags, and starts no action.
///
/// Blobs and results are those of the engine: `cas/` and `ac/` of one directory, which builds on
/// this machine may use at the same time. A result is kept as the bytes that it came as, for it may
/// be that of another program.
@NullMarked
package dev.athanor.remote.server;

import org.jspecify.annotations.NullMarked;
