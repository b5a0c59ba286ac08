package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.Sized;
import dev.athanor.engine.starlark.value.StarlarkIterable;
import java.util.Iterator;
import java.util.stream.IntStream;

/// The parts of a string, as `elems` and its kin return them.
///
/// @param codePoints whether the parts are code points, else UTF-16 units
/// @param ords whether the parts are ints, else strings
record TextElements(String text, boolean codePoints, boolean ords)
    implements StarlarkIterable, Sized {
  @Override
  public String type() {
    return "string." + method();
  }

  private String method() {
    if (codePoints) {
      return ords ? "codepoint_ords" : "codepoints";
    }
    return ords ? "elem_ords" : "elems";
  }

  @Override
  public int size() {
    return codePoints ? text.codePointCount(0, text.length()) : text.length();
  }

  @Override
  public boolean truth() {
    return !text.isEmpty();
  }

  @Override
  public Iterator<Object> iterator() {
    IntStream parts = codePoints ? text.codePoints() : text.chars();
    return parts.mapToObj(c -> ords ? (Object) (long) c : Character.toString(c)).iterator();
  }

  @Override
  public void repr(Printer printer) {
    printer.repr(text).append(".").append(method()).append("()");
  }
}
