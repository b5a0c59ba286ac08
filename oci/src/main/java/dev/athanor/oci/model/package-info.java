/// The documents of an image, as values: references, descriptors, manifests, indexes, configs.
///
/// Reading is strict ([StrictJson]) and names document and field in every complaint. A document
/// that was read keeps its bytes, so copying never changes a digest; an edit makes a new document
/// in which everything that Athanor does not know stays as it was. Writing is canonical
/// ([CanonicalJson]).
///
/// [ImageDocument#read] is the way in; [Manifest#of], [Index#of] and [ImageConfig#empty] make new
/// documents. Knows no network, no file and no layer bytes.
@NullMarked
package dev.athanor.oci.model;

import org.jspecify.annotations.NullMarked;
