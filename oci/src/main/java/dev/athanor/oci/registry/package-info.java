/// A client of OCI registries (distribution-spec 1.1) that moves content between them and a
/// [dev.athanor.engine.cas.BlobStore].
///
/// [RegistryClient] is the way in; [RegistryConfig] and [Credentials] say how. Everything that
/// arrives is verified, everything that is cut off goes on from where it was, and a secret is shown
/// only to the server it belongs to, and only when that server asks. Below the client, `Session`
/// finds addresses, authenticates and follows redirects, and `Wire` does single exchanges. Starts
/// no process and prints nothing.
///
/// [ImageServer] is the other side: a registry on the loopback that gives images out of a store.
///
/// ```java
/// RegistryConfig config = RegistryConfig.DEFAULT;
/// try (RegistryClient client = new RegistryClient(config, Credentials.ANONYMOUS)) {
///   Repository from = Repository.parse("quay.io/base/python");
///   Manifest base = (Manifest) client.document(from.tag("3.12"));
///   client.pullBlob(from, base.config().blob(), store);
///   ImageConfig edits = ImageConfig.parse(store.read(base.config().blob())).withEnv("A", "1");
///   Digest edited = store.put(edits.bytes());
///   Manifest image = base.withConfig(Descriptor.of(base.config().mediaType(), edited));
///   store.put(image.bytes());
///   Map<Digest, Repository> origins = new HashMap<>();
///   base.layers().forEach(layer -> origins.put(layer.blob(), from));
///   Repository to = Repository.parse("quay.io/me/app");
///   client.push(to, image.descriptor(), List.of("latest"), store, origins, false);
/// }
/// ```
@NullMarked
package dev.athanor.oci.registry;

import org.jspecify.annotations.NullMarked;
