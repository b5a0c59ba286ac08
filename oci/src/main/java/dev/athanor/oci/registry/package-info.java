/// A client of OCI registries (distribution-spec 1.1) that moves content between them and a
/// [dev.athanor.engine.cas.BlobStore].
///
/// [RegistryClient] is the way in; [RegistryConfig] and [Credentials] say how. Everything that
/// arrives is verified, everything that is cut off goes on from where it was, and a secret is shown
/// only to the server it belongs to, and only when that server asks. Below the client, `Session`
/// finds addresses, authenticates and follows redirects, and `Wire` does single exchanges. Starts
/// no process and prints nothing.
@NullMarked
package dev.athanor.oci.registry;

import org.jspecify.annotations.NullMarked;
