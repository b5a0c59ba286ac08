/// Images as directories (OCI image layout): a view of a blob store when writing, a blob store when
/// reading.
///
/// [LayoutWriter] makes a layout that holds exactly the blobs its index reaches; [Layout] reads one
/// that others made and trusts nothing in it. [ArchiveWriter] and [ArchiveReader] do the same for
/// the single file that other tools save and load. Knows no network.
@NullMarked
package dev.athanor.oci.layout;

import org.jspecify.annotations.NullMarked;
