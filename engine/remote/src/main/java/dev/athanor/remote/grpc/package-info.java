/// The Remote Execution API, version 2, as a client: one connection, the calls of its caches, and
/// blobs as streams. Knows nothing of what is near by.
@NullMarked
package dev.athanor.remote.grpc;

import org.jspecify.annotations.NullMarked;
