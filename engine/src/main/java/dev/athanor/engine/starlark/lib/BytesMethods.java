package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.Bytes;
import dev.athanor.engine.starlark.value.MethodTable;
import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.Sequence;
import dev.athanor.engine.starlark.value.Signature;

/// The methods of bytes.
final class BytesMethods {
  static final MethodTable<Bytes> TABLE =
      new MethodTable<Bytes>()
          .add("elems", Signature.positional(""), (_, self, _) -> new ByteElements(self));

  private BytesMethods() {}

  /// The bytes as ints.
  private record ByteElements(Bytes bytes) implements Sequence {
    @Override
    public String type() {
      return "bytes.elems";
    }

    @Override
    public int size() {
      return bytes.size();
    }

    @Override
    public Object get(int index) {
      return (long) bytes.get(index);
    }

    @Override
    public void repr(Printer printer) {
      printer.repr(bytes).append(".elems()");
    }
  }
}
