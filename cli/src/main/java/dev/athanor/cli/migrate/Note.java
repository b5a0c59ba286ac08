package dev.athanor.cli.migrate;

/// Something that was done to a file, or that somebody has to do.
///
/// @param line of the file as it was, from one; 0 for the file as a whole
/// @param forYou whether it is left to the reader
/// @param hint what to do about it; may be empty
public record Note(int line, boolean forYou, String what, String hint) {
  static Note done(int line, String what) {
    return new Note(line, false, what, "");
  }

  static Note left(int line, String what, String hint) {
    return new Note(line, true, what, hint);
  }
}
