package dev.athanor.engine.digest;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// SHA-256 of OpenSSL's libcrypto, by its `EVP_Digest*` functions, which every version since 1.1
/// has. Not safe for use by several threads.
@SuppressWarnings("restricted") // Calling C is what this class is for.
final class OpenSsl implements Hash {
  /// Of Linux distributions only: elsewhere such a name may stand for something else, or be
  /// forbidden to programs.
  private static final List<String> NAMES = List.of("libcrypto.so.3", "libcrypto.so.1.1");

  /// How many bytes are digested at once: for so long, no garbage is collected.
  private static final int MAX_BYTES = 1 << 20;

  private static final @Nullable Library LIBRARY = Library.load().orElse(null);

  /// @param sha256 what `EVP_sha256` gives
  private record Library(
      MethodHandle create,
      MethodHandle free,
      MethodHandle init,
      MethodHandle update,
      MethodHandle finish,
      MemorySegment sha256) {
    static Optional<Library> load() {
      if (!System.getProperty("os.name", "").equals("Linux")) {
        return Optional.empty();
      }
      for (String name : NAMES) {
        try {
          return Optional.of(of(SymbolLookup.libraryLookup(name, Arena.global())));
        } catch (IllegalArgumentException | IllegalCallerException e) {
          // Not installed, or this process may not call it.
        }
      }
      return Optional.empty();
    }

    private static Library of(SymbolLookup symbols) {
      MethodHandle sha256 = function(symbols, "EVP_sha256", FunctionDescriptor.of(ADDRESS));
      try {
        return new Library(
            function(symbols, "EVP_MD_CTX_new", FunctionDescriptor.of(ADDRESS)),
            function(symbols, "EVP_MD_CTX_free", FunctionDescriptor.ofVoid(ADDRESS)),
            function(
                symbols,
                "EVP_DigestInit_ex",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS)),
            function(
                symbols,
                "EVP_DigestUpdate",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG),
                Linker.Option.critical(true)),
            function(
                symbols,
                "EVP_DigestFinal_ex",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS),
                Linker.Option.critical(true)),
            (MemorySegment) sha256.invokeExact());
      } catch (Throwable e) {
        throw new IllegalArgumentException(e);
      }
    }

    private static MethodHandle function(
        SymbolLookup symbols,
        String name,
        FunctionDescriptor descriptor,
        Linker.Option... options) {
      MemorySegment address =
          symbols.find(name).orElseThrow(() -> new IllegalArgumentException("lacks " + name));
      return Linker.nativeLinker().downcallHandle(address, descriptor, options);
    }
  }

  /// Freed when nobody has it any longer.
  private final MemorySegment context;

  private final Library library;

  OpenSsl() {
    if (LIBRARY == null) {
      throw new IllegalStateException("there is no OpenSSL");
    }
    library = LIBRARY;
    context = create(library);
    begin();
  }

  /// Whether it is installed.
  static boolean isThere() {
    return LIBRARY != null;
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    update(MemorySegment.ofArray(bytes).asSlice(offset, length));
  }

  @Override
  public void update(ByteBuffer bytes) {
    update(MemorySegment.ofBuffer(bytes));
    bytes.position(bytes.limit());
  }

  private void update(MemorySegment bytes) {
    for (long at = 0; at < bytes.byteSize(); at += MAX_BYTES) {
      long length = Math.min(MAX_BYTES, bytes.byteSize() - at);
      try {
        check((int) library.update.invokeExact(context, bytes.asSlice(at, length), length));
      } catch (Throwable e) {
        throw failed(e);
      }
    }
  }

  @Override
  public byte[] finish() {
    byte[] value = new byte[Sha256.BYTES];
    try {
      check(
          (int)
              library.finish.invokeExact(
                  context, MemorySegment.ofArray(value), MemorySegment.NULL));
    } catch (Throwable e) {
      throw failed(e);
    }
    begin();
    return value;
  }

  private void begin() {
    try {
      check((int) library.init.invokeExact(context, library.sha256, MemorySegment.NULL));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static MemorySegment create(Library library) {
    try {
      MemorySegment made = (MemorySegment) library.create.invokeExact();
      if (made.address() == 0) {
        throw new OutOfMemoryError("no memory for a digest");
      }
      return made.reinterpret(Arena.ofAuto(), unused -> free(library, unused));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static void free(Library library, MemorySegment context) {
    try {
      library.free.invokeExact(context);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static void check(int result) {
    if (result != 1) {
      throw new IllegalStateException("OpenSSL could not compute a digest");
    }
  }

  private static RuntimeException failed(Throwable e) {
    return switch (e) {
      case RuntimeException known -> known;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }
}
