package dev.athanor.engine.starlark.value;

/// A Starlark value that is no plain Java object. Hosts implement it for types of their own, and
/// the other interfaces of this package for what these types can do.
///
/// Equality is [Object#equals]; a host type that holds other values compares them with
/// [Equality#equal].
public interface Value {
  /// What `type(x)` returns.
  String type();

  /// Writes what `repr(x)` returns.
  default void repr(Printer printer) {
    printer.append("<").append(type()).append(">");
  }

  /// Writes what `str(x)` returns.
  default void str(Printer printer) {
    repr(printer);
  }

  default boolean truth() {
    return true;
  }

  /// Whether neither this value nor any that it holds can change any more.
  default boolean isImmutable() {
    return true;
  }

  /// Whether the value may be the key of a dict.
  default boolean isHashable() {
    return isImmutable();
  }
}
