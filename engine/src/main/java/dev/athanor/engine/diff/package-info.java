/// What makes one file, directory or image differ from another, told by structure: which member of
/// an archive, which field of a header, which value of a document, which line. Formats are values
/// that whoever compares hands in; this package knows general ones, and nothing of images.
@NullMarked
package dev.athanor.engine.diff;

import org.jspecify.annotations.NullMarked;
