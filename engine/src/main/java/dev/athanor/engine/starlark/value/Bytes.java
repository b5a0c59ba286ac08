package dev.athanor.engine.starlark.value;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An immutable string of bytes.
public final class Bytes implements Sized, Ordered, Indexable {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] bytes;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /// The UTF-8 of a string; what is no valid text becomes U+FFFD.
  public static Bytes utf8(String text) {
    StringBuilder valid = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> valid.appendCodePoint(Character.getType(c) == Character.SURROGATE ? 0xFFFD : c));
    return wrap(valid.toString().getBytes(StandardCharsets.UTF_8));
  }

  /// Each character of `latin1` is one byte.
  public static Bytes latin1(String latin1) {
    return wrap(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// The bytes of an array that nobody will change.
  public static Bytes wrap(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Bytes(bytes);
  }

  @Override
  public String type() {
    return "bytes";
  }

  @Override
  public int size() {
    return bytes.length;
  }

  public byte[] toArray() {
    return bytes.clone();
  }

  /// The byte at an index, from 0 to 255.
  public int get(int index) {
    return bytes[index] & 0xff;
  }

  @Override
  public Object index(Object key) throws EvalError {
    return (long) get(Indexing.index(key, bytes.length, "bytes"));
  }

  @Override
  public boolean contains(Object key) throws EvalError {
    return switch (key) {
      case Bytes part -> Strings.indexOf(latin1(), part.latin1(), 0) >= 0;
      case Long n when n >= 0 && n <= 255 -> latin1().indexOf((char) n.intValue()) >= 0;
      case Long n -> throw new EvalError("int " + n + " is not a byte");
      default ->
          throw new EvalError(
              "'in <bytes>' needs bytes or an int as left operand, not '"
                  + Starlark.type(key)
                  + "'");
    };
  }

  /// The bytes as characters.
  String latin1() {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static Bytes concat(Bytes a, Bytes b) {
    byte[] result = Arrays.copyOf(a.bytes, a.bytes.length + b.bytes.length);
    System.arraycopy(b.bytes, 0, result, a.bytes.length, b.bytes.length);
    return wrap(result);
  }

  Bytes slice(int start, int count, int step) {
    byte[] result = new byte[count];
    for (int i = 0; i < count; i++) {
      result[i] = bytes[start + i * step];
    }
    return wrap(result);
  }

  @Override
  public int compare(Object that) {
    return Arrays.compareUnsigned(bytes, ((Bytes) that).bytes);
  }

  /// The text that the bytes are the UTF-8 of.
  @Override
  public void str(Printer printer) {
    printer.append(new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public void repr(Printer printer) {
    printer.append("b\"");
    for (byte b : bytes) {
      switch (b) {
        case '"' -> printer.append("\\\"");
        case '\\' -> printer.append("\\\\");
        case '\n' -> printer.append("\\n");
        case '\r' -> printer.append("\\r");
        case '\t' -> printer.append("\\t");
        default -> {
          if (b >= ' ' && b < 127) {
            printer.append((char) b);
          } else {
            printer.append(String.format("\\x%02x", b & 0xff));
          }
        }
      }
    }
    printer.append("\"");
  }

  @Override
  public boolean equals(@Nullable Object that) {
    return that instanceof Bytes other && Arrays.equals(bytes, other.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return new Printer().repr(this).toString();
  }
}
