package dev.athanor.oci.layer;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// Blobs as files of one directory: enough of a disk store for tests that want local files.
public final class FileBlobStore implements BlobStore {
  private final Path directory;

  public FileBlobStore(Path directory) {
    this.directory = directory;
  }

  @Override
  public boolean contains(Digest digest) throws IOException {
    Path file = path(digest);
    return Files.exists(file) && Files.size(file) == digest.size();
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    if (!contains(digest)) {
      throw new MissingBlobException(digest);
    }
    return Files.newInputStream(path(digest));
  }

  @Override
  public Optional<Path> file(Digest digest, boolean executable) throws IOException {
    return contains(digest) ? Optional.of(path(digest)) : Optional.empty();
  }

  @Override
  public BlobWriter write() throws IOException {
    Path temporary = Files.createTempFile(directory, "new", "");
    return new FileWriter(temporary, Files.newOutputStream(temporary));
  }

  private Path path(Digest digest) {
    return directory.resolve(digest.hex());
  }

  private final class FileWriter extends BlobWriter {
    private final Path temporary;
    private final Digester digester = new Digester();
    private final OutputStream out;

    FileWriter(Path temporary, OutputStream file) {
      this.temporary = temporary;
      this.out = digester.tee(file);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public Digest commit() throws IOException {
      Digest digest = digester.finish();
      out.close();
      Files.move(temporary, path(digest), StandardCopyOption.REPLACE_EXISTING);
      return digest;
    }

    @Override
    public void commit(Digest expected) throws IOException {
      Digest actual = digester.finish();
      if (!actual.equals(expected)) {
        throw new CorruptBlobException(expected, actual);
      }
      out.close();
      Files.move(temporary, path(expected), StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
      out.close();
      Files.deleteIfExists(temporary);
    }
  }
}
