package dev.athanor.engine.starlark.syntax;

/// A place in a file; lines and columns count from one, columns in UTF-16 units.
public record Location(String file, int line, int column) implements Comparable<Location> {
  @Override
  public int compareTo(Location that) {
    int order = file.compareTo(that.file);
    if (order == 0) {
      order = Integer.compare(line, that.line);
    }
    return order != 0 ? order : Integer.compare(column, that.column);
  }

  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}
