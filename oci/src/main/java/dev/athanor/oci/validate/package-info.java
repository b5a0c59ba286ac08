/// Whether an image keeps the rules of the OCI image specification.
///
/// [LayoutValidator] walks through a layout and lists each breach as a [Finding] of a [Rule]. Other
/// packages stop at the first flaw of a document; here every member is looked at by itself, so that
/// one breach hides no other.
@NullMarked
package dev.athanor.oci.validate;

import org.jspecify.annotations.NullMarked;
