/// Makes BUILD files for Athanor out of those that were written for Pants and its OCI plugin.
///
/// `Migration` goes through the folders; `BuildFile` reads one file with Athanor's own parser and
/// changes what has to be changed where it stands; `Translations` says of each kind of target what
/// that is. All the rest of a file stays as it is, byte by byte.
@NullMarked
package dev.athanor.cli.migrate;

import org.jspecify.annotations.NullMarked;
